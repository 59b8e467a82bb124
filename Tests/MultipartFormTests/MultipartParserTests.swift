import NIOCore
import RandomSupport
import Testing

import MultipartForm

private let field = "Content-Disposition: form-data; name=\"a\"\r\n\r\n"

@Suite("Parsing multipart/form-data, however the bytes arrive")
struct MultipartParserTests {
    @Test("fields and files in any order, with and without file name and type")
    func fieldsAndFiles() throws {
        let body = """
            --X\r
            Content-Disposition: form-data; name="media"; filename="a.mp4"\r
            Content-Type: video/mp4\r
            \r
            \u{0}\u{1}bytes\r
            --X\r
            content-disposition:form-data;name=segment_index\r
            \r
            0\r
            --X\r
            Content-Type: application/octet-stream\r
            Content-Disposition: form-data; name="other"\r
            X-Anything: else\r
            \r
            more\r
            --X--\r

            """
        #expect(
            try parse(body)
                == Form(
                    .init("media", "\u{0}\u{1}bytes", filename: "a.mp4", type: "video/mp4"),
                    .init("segment_index", "0"),
                    .init("other", "more", type: "application/octet-stream")))
    }

    @Test("the same name twice is two parts")
    func repeatedName() throws {
        #expect(
            try parse("--X\r\n\(field)1\r\n--X\r\n\(field)2\r\n--X--") == Form(.init("a", "1"), .init("a", "2")))
    }

    @Test("an empty part, also one whose boundary follows the header at once")
    func emptyPart() throws {
        #expect(try parse("--X\r\n\(field)\r\n--X--\r\n") == Form(.init("a")))
        #expect(try parse("--X\r\n\(field)--X--\r\n") == Form(.init("a")))
    }

    @Test("a form without parts")
    func noParts() throws {
        #expect(try parse("--X--\r\n") == Form())
    }

    @Test("preamble, padding and epilogue are ignored, RFC 2046 §5.1.1")
    func surroundings() throws {
        #expect(try parse("hello\r\n--Y\r\n--X \t \r\n\(field)1\r\n--X-- \r\nbye\r\n--X\r\n") == Form(.init("a", "1")))
        #expect(try parse("\r\n--X\r\n\(field)1\r\n--X--\t\r\n") == Form(.init("a", "1")))
    }

    @Test("the last line may lack its CR LF")
    func bareEnd() throws {
        #expect(try parse("--X\r\n\(field)1\r\n--X--") == Form(.init("a", "1")))
        #expect(try parse("--X\r\n\(field)1\r\n--X--\r") == Form(.init("a", "1")))
    }

    @Test(
        "content that looks like a boundary is content",
        arguments: [
            "\r\n", "\r\n\r\n", "\r\r\n", "\n--X", "\r--X", "--X", "a--X--", "\r\n-X", "\r\n--", "\r\n--Y",
            "\r\n--\r\n--",
            "\r\n-\r\n-\r\n", "\r", "\r\r\r", "-", "--", "\r\n--x",
        ])
    func nearlyBoundary(content: String) throws {
        // At the very beginning "--X" would be the boundary, for the header's last CR LF stands before it.
        let content = content.hasPrefix("--X") ? " " + content : content
        #expect(try parse("--X\r\n\(field)\(content)\r\n--X--\r\n") == Form(.init("a", content)))
        #expect(
            try parse("--X\r\n\(field)\(content)\(content)z\r\n--X--\r\n") == Form(.init("a", content + content + "z")))
    }

    @Test("random content of the delimiter's own bytes comes out as it went in")
    func randomContent() throws {
        var generator = SeededGenerator(7)
        let boundary = try MultipartBoundary("--ab")
        let alphabet = Array("\r\n--ab".utf8)
        for _ in 0..<300 {
            let count = Int.random(in: 0...40, using: &generator)
            let content = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
            if String(decoding: content, as: UTF8.self).utf8.starts(with: "----ab".utf8) { continue }
            if Array(content).contains(Array("\r\n----ab".utf8)) { continue }
            let body = Array("----ab\r\n\(field)".utf8) + content + Array("\r\n----ab--\r\n".utf8)
            for size in 1...9 {
                let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
                #expect(Form(pieces: pieces, boundary: boundary).parts.first?.content == content)
            }
        }
    }

    @Test("content is handed on as slices of what arrived, and none of it is kept")
    func slices() throws {
        var parser = MultipartParser(boundary: try MultipartBoundary("X"))
        parser.append(ByteBuffer(string: "--X\r\n" + field))
        #expect(try parser.next() == .partBegin(PartHeaders(name: "a")))
        #expect(try parser.next() == nil)
        let piece = ByteBuffer(repeating: 0x61, count: 100_000)
        for _ in 0..<10 {
            parser.append(piece)
            guard case .body(let content) = try parser.next() else {
                Issue.record("no content")
                return
            }
            #expect(content == piece)
            let addresses = [piece, content].map { $0.withUnsafeReadableBytes { $0.baseAddress } }
            #expect(addresses[0] == addresses[1])
            #expect(try parser.next() == nil)
        }
    }

    @Test("a body cut anywhere never ends, and says that it is truncated")
    func truncated() throws {
        let body = Array("pre\r\n--X\r\n\(field)1\r\n2\r\n--X\r\n\(field)\r\n--X--".utf8)
        let boundary = try MultipartBoundary("X")
        for length in 0..<body.count {
            let form = Form(pieces: [body[..<length]], boundary: boundary)
            #expect(!form.hasEnded, "length \(length)")
            switch form.error {
            case .boundaryNotFound: #expect(length < 8)
            case .truncated: #expect(length >= 8)
            default: Issue.record("\(String(describing: form.error)) at \(length)")
            }
        }
    }
}
