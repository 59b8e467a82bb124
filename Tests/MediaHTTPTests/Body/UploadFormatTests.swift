import HTTPTypes
import NIOCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Formats of uploads")
struct UploadFormatTests {
    private let content = RouteFixture.bytes(10_000)

    /// Feeds a body in pieces of a size and gives the media and what was said beside it.
    private func read(
        _ body: ByteBuffer, with format: any UploadFormat, pieces: Int
    ) throws -> (media: ByteBuffer, begins: Int, format: any UploadFormat) {
        var format = format
        var body = body
        var media = ByteBuffer()
        var begins = 0
        while let piece = body.readSlice(length: min(pieces, body.readableBytes)), piece.readableBytes > 0 {
            format.append(piece)
            while let event = try format.next() {
                switch event {
                case .mediaBegin: begins += 1
                case .media(let bytes): media.writeImmutableBuffer(bytes)
                }
            }
        }
        try format.finish()
        return (media, begins, format)
    }

    @Test("a form gives the same whatever the pieces in which it arrives", arguments: [1, 7, 64, 100_000])
    func form(pieces: Int) throws {
        for encoding in [nil, "base64"] {
            let sent = encoding == nil ? content : ByteBuffer(string: Base64.encode(content))
            let body = Sent.multipart([
                .field("segment_index", "12"), .media(sent, encoding: encoding), .field("x", ""),
            ])
            let format = try MultipartUploadFormat(contentType: #require(body.contentType))
            let result = try read(#require(body.bytes), with: format, pieces: pieces)
            #expect(result.media == content)
            #expect(result.begins == 1)
            #expect(
                result.format.members(typedBy: .append)
                    == .object(["segment_index": .integer(12), "x": .string("")]))
        }
    }

    @Test("JSON gives the same whatever the pieces in which it arrives", arguments: [1, 7, 64, 100_000])
    func json(pieces: Int) throws {
        let text = #"{"segment_index":12,"media":"\#(Base64.encode(content))","shared":true}"#
        let result = try read(ByteBuffer(string: text), with: JSONUploadFormat(), pieces: pieces)
        #expect(result.media == content)
        #expect(result.begins == 1)
        #expect(
            result.format.members(typedBy: .append) == .object(["segment_index": .integer(12), "shared": .bool(true)]))
    }

    @Test("the fields of a form are bounded together")
    func fieldLimit() throws {
        let fields = (0..<20).map { Part.field("f\($0)", String(repeating: "x", count: 4000)) }
        let body = Sent.multipart(fields)
        let format = try MultipartUploadFormat(contentType: #require(body.contentType))
        let bytes = try #require(body.bytes)
        let problem = #expect(throws: HTTPProblem.self) { _ = try read(bytes, with: format, pieces: 4096) }
        #expect(problem?.status == .contentTooLarge)
    }
}
