import MultipartForm
import NIOCore
import RandomSupport
import Testing

@Suite("Writing multipart/form-data")
struct MultipartWriterTests {
    @Test("the bytes are exactly those of RFC 7578, the length is theirs")
    func exactBytes() throws {
        var writer = MultipartWriter(boundary: try MultipartBoundary("X"))
        let field = writer.field(name: "segment_index", value: "0")
        let file = writer.file(name: "media", filename: "a.mp4", contentType: "video/mp4", length: 3)
        let close = writer.close()
        let body = String(buffer: field) + String(buffer: file) + "123" + String(buffer: close)
        #expect(
            body == """
                --X\r
                Content-Disposition: form-data; name="segment_index"\r
                \r
                0\r
                --X\r
                Content-Disposition: form-data; name="media"; filename="a.mp4"\r
                Content-Type: video/mp4\r
                \r
                123\r
                --X--\r

                """)
        #expect(writer.contentLength == Int64(body.utf8.count))
    }

    @Test("what is written is read again, hostile names and contents included")
    func roundTrip() throws {
        var generator = SeededGenerator(3)
        let names = ["media", "ä \"quoted\"", "line\r\nbreak", "C:\\path\\x", "semi;colon=", "日本"]
        let contents = ["", "\r\n", "--", "\r\n--\r\n", String(repeating: "\r\n-", count: 9), "\u{0}\u{7F}"]
        var writer = MultipartWriter(boundary: .random(using: &generator))
        var body: [UInt8] = []
        var expected: [Form.Part] = []
        for (name, content) in zip(names, contents) {
            body += writer.field(name: name, value: content).readableBytesView
            expected.append(.init(name, content))
            let file = writer.file(name: name, filename: name, length: Int64(content.utf8.count))
            body += Array(file.readableBytesView) + Array(content.utf8)
            expected.append(.init(name, content, filename: name, type: "application/octet-stream"))
        }
        body += writer.close().readableBytesView
        #expect(writer.contentLength == Int64(body.count))
        let boundary = try MultipartBoundary(contentType: writer.contentType)
        for size in [1, 2, 3, 7, 64, body.count] {
            let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
            let form = Form(pieces: pieces, boundary: boundary)
            #expect(form.parts == expected, "pieces of \(size)")
            #expect(form.error == nil && form.hasEnded)
        }
    }

    @Test("a boundary that needs quotes gets them", arguments: ["abc", "a b", "a:b", "(x)=?"])
    func contentType(boundary: String) throws {
        let writer = MultipartWriter(boundary: try MultipartBoundary(boundary))
        #expect(try MultipartBoundary(contentType: writer.contentType).value == boundary)
        #expect(writer.contentType.contains("\"") == (boundary != "abc"))
    }

    @Test("a form without parts is its close delimiter")
    func noParts() throws {
        var writer = MultipartWriter(boundary: try MultipartBoundary("X"))
        #expect(String(buffer: writer.close()) == "--X--\r\n")
        #expect(writer.contentLength == 7)
    }

    @Test("a content type cannot add header lines, an encoding is named")
    func fileHeader() throws {
        var writer = MultipartWriter(boundary: try MultipartBoundary("X"))
        let file = writer.file(
            name: "media", contentType: "a/b\r\nX-Evil: 1", contentTransferEncoding: .base64, length: 4)
        let body = String(buffer: file) + "QUJD" + String(buffer: writer.close())
        let form = try parse(body)
        #expect(form.parts.first?.headers.contentType == "a/bX-Evil: 1")
        #expect(form.parts.first?.headers.contentTransferEncoding == .base64)
    }
}
