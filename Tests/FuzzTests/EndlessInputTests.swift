import Foundation
import JSONBody
import MultipartForm
import NIOCore
import Testing

@testable import MediaHTTP

/// Bodies that do not end: what a parser keeps of them does not grow.
@Suite("Endless input", .serialized, .timeLimit(.minutes(5)))
struct EndlessInputTests {
    /// A beginning, then a pattern for ever.
    struct Body: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let head: String
        let pattern: String
        let isRefused: Bool
        /// Of each byte some 100 ns in a debug build: those get fewer bytes, too few to see them in the process's memory.
        let isSlow: Bool

        init(_ name: String, _ head: String, _ pattern: String, isRefused: Bool, isSlow: Bool = false) {
            testDescription = name
            self.head = head
            self.pattern = pattern
            self.isRefused = isRefused
            self.isSlow = isSlow
        }
    }

    private static let part = "--b\r\nContent-Disposition: form-data; name=\"media\"\r\n"

    static let forms: [Body] = [
        Body("preamble", "", "a", isRefused: true),
        Body("boundary's padding", "--b", " ", isRefused: true),
        Body("header line", "--b\r\nX-A: ", "a", isRefused: true),
        Body("header lines", part, "X-A: b\r\n", isRefused: true),
        Body("parts", "", "\(part)\r\na\r\n", isRefused: true),
        Body("field", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", "a", isRefused: true),
        Body("epilogue", "--b--\r\n", "a", isRefused: true),
        Body("content", part + "\r\n", "a", isRefused: false),
        Body("content of line ends", part + "\r\n", "\r", isRefused: false, isSlow: true),
        Body("content of boundaries that are none", part + "\r\n", "\r\n--c", isRefused: false, isSlow: true),
        Body("content in base64", part + "Content-Transfer-Encoding: base64\r\n\r\n", "AAAA", isRefused: false),
        Body(
            "base64 of line ends", part + "Content-Transfer-Encoding: base64\r\n\r\n", "\r\n", isRefused: false,
            isSlow: true),
    ]

    static let objects: [Body] = [
        Body("white space", "", " ", isRefused: false, isSlow: true),
        Body("member name", "{\"", "a", isRefused: true),
        Body("member string", "{\"a\":\"", "a", isRefused: true),
        Body("escapes", "{\"a\":\"", "\\u0041", isRefused: true),
        Body("number", "{\"a\":1", "0", isRefused: true),
        Body("array", "{\"a\":[", "1,", isRefused: true),
        Body("nested arrays", "{\"a\":", "[", isRefused: true),
        Body("nested objects", "{\"a\":", "{\"a\":", isRefused: true),
        Body("media", "{\"media\":\"", "AAAA", isRefused: false),
        Body("escaped media", "{\"media\":\"", "\\u0041", isRefused: false, isSlow: true),
        Body("media in slashes", "{\"media\":\"", "\\/", isRefused: false, isSlow: true),
        Body("white space within", "{\"a\":1", "\n", isRefused: false, isSlow: true),
        Body("white space after", "{}", "\t", isRefused: false, isSlow: true),
    ]

    @Test("multipart", arguments: forms)
    func multipart(body: Body) throws {
        try feed(body, to: MultipartUploadFormat(contentType: "multipart/form-data; boundary=b"))
    }

    @Test("JSON", arguments: objects)
    func json(body: Body) throws {
        try feed(body, to: JSONUploadFormat())
    }

    private func feed(_ body: Body, to format: some UploadFormat) throws {
        var format = format
        var pattern = ByteBuffer()
        while pattern.readableBytes < 64 << 10 { pattern.writeString(body.pattern) }
        let fed = body.isSlow ? 1 << 19 : 32 << 20
        var media = 0
        let before = try residentBytes()
        var refusal: HTTPProblem?
        do throws(HTTPProblem) {
            format.append(ByteBuffer(string: body.head))
            for _ in 0..<fed / pattern.readableBytes {
                while let event = try format.next() {
                    if case .media(let bytes) = event { media += bytes.readableBytes }
                }
                format.append(pattern)
            }
            while try format.next() != nil {}
        } catch {
            refusal = error
        }
        #expect((refusal != nil) == body.isRefused, "\(String(describing: refusal))")
        #expect(media <= fed)
        // Other tests' memory is in this number too; it is a few MiB.
        if !body.isSlow { #expect(try residentBytes() - before < fed / 2) }
        withExtendedLifetime(format) {}
    }

    private func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return try #require(Int(pages)) * 4096
    }
}
