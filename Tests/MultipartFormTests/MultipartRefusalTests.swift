import MultipartForm
import NIOCore
import Testing

private let field = "Content-Disposition: form-data; name=\"a\"\r\n\r\n"

@Suite("Refusing multipart/form-data")
struct MultipartRefusalTests {
    @Test(
        "what is malformed, with its reason",
        arguments: [
            ("", MultipartError.boundaryNotFound(boundary: "X")),
            ("no boundary at all", .boundaryNotFound(boundary: "X")),
            ("a--X--", .boundaryNotFound(boundary: "X")),
            ("--X\n\(field)", .malformedDelimiter(found: 0x0A)),
            ("--X\r\r\n", .malformedDelimiter(found: 0x0D)),
            ("--XY\r\n\(field)", .malformedDelimiter(found: 0x59)),
            ("--X-\r\n", .malformedDelimiter(found: 0x0D)),
            ("--X--garbage", .malformedDelimiter(found: 0x67)),
            ("--X-- \n", .malformedDelimiter(found: 0x0A)),
            ("--X\r\nContent-Disposition: form-data\n\r\n", .bareLineFeed(line: "Content-Disposition: form-data")),
            ("--X\r\n\n", .bareLineFeed(line: "")),
            ("--X\r\n\r\n", .missingContentDisposition),
            ("--X\r\nContent-Type: a/b\r\n\r\n", .missingContentDisposition),
            ("--X\r\nContent-Disposition: attachment; name=a\r\n\r\n", .missingContentDisposition),
            ("--X\r\nContent-Disposition: form-data\r\n\r\n", .missingName(disposition: "form-data")),
            (
                "--X\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n",
                .missingName(disposition: "form-data; name=\"\"")
            ),
            (
                "--X\r\nContent-Disposition: form-data; name=\"a\r\n\r\n",
                .malformedHeader(line: "Content-Disposition: form-data; name=\"a")
            ),
            (
                "--X\r\nContent-Disposition: form-data; name=\"a\" b\r\n\r\n",
                .malformedHeader(line: "Content-Disposition: form-data; name=\"a\" b")
            ),
            (
                "--X\r\nContent-Disposition: form-data; name=a; NAME=b\r\n\r\n",
                .malformedHeader(line: "Content-Disposition: form-data; name=a; NAME=b")
            ),
            ("--X\r\nno colon\r\n", .malformedHeader(line: "no colon")),
            ("--X\r\n: no name\r\n", .malformedHeader(line: ": no name")),
            ("--X\r\nA : blank before the colon\r\n", .malformedHeader(line: "A : blank before the colon")),
            ("--X\r\nA: b\r\n folded\r\n", .malformedHeader(line: " folded")),
            ("--X\r\nA: nul\u{0}\r\n", .malformedHeader(line: "A: nul\u{0}")),
            ("--X\r\nA: return\rin it\r\n", .malformedHeader(line: "A: return\rin it")),
            ("--X\r\nContent-Type: a/b\r\nContent-type: c/d\r\n", .duplicateHeader(name: "Content-Type")),
            (
                "--X\r\nContent-Disposition: form-data; name=a\r\n\(field)",
                .duplicateHeader(name: "Content-Disposition")
            ),
            (
                "--X\r\nContent-Transfer-Encoding: quoted-printable\r\n\(field)",
                .unsupportedTransferEncoding(part: "a", found: "quoted-printable")
            ),
            ("--X\r\nA: b", .truncated(part: nil)),
            ("--X\r\n\(field)content", .truncated(part: "a")),
        ])
    func malformed(body: String, error: MultipartError) throws {
        let form = try parse(body)
        #expect(form.error == error)
        #expect(form.hasEnded == body.hasPrefix("--X--"))
    }

    @Test("a limit admits what is just as large and refuses one more")
    func limits() throws {
        let limits = MultipartLimits(parts: 2, headerBytes: 64, headers: 3, preambleBytes: 4, epilogueBytes: 4)
        func body(parts: Int = 1, headers: Int = 1, padding: Int = 0, preamble: Int = 0, epilogue: Int = 0) -> String {
            let header = String(repeating: "A:b\r\n", count: headers - 1) + field
            let part = "--X" + String(repeating: " ", count: padding) + "\r\n\(header)1\r\n"
            let before = preamble == 0 ? "" : String(repeating: "p", count: preamble) + "\r\n"
            return before + String(repeating: part, count: parts) + "--X--\r\n"
                + String(repeating: "e", count: epilogue)
        }
        let room = 64 - field.utf8.count
        for admitted in [
            body(parts: 2), body(headers: 3), body(padding: room), body(preamble: 4), body(epilogue: 4),
        ] {
            #expect(try parse(admitted, limits: limits).error == nil)
        }
        #expect(try parse(body(parts: 3), limits: limits).error == .tooManyParts(limit: 2))
        #expect(try parse(body(headers: 4), limits: limits).error == .tooManyHeaders(limit: 3))
        #expect(try parse(body(padding: room + 1), limits: limits).error == .headersTooLarge(limit: 64))
        #expect(try parse(body(preamble: 5), limits: limits).error == .preambleTooLarge(limit: 4))
        #expect(try parse(body(epilogue: 5), limits: limits).error == .epilogueTooLarge(limit: 4))
    }

    @Test("a header line without end is refused before it is kept")
    func endlessHeader() throws {
        var parser = MultipartParser(boundary: try MultipartBoundary("X"))
        parser.append(ByteBuffer(string: "--X\r\nA: "))
        #expect(try parser.next() == nil)
        parser.append(ByteBuffer(repeating: 0x61, count: 1 << 20))
        #expect(throws: MultipartError.headersTooLarge(limit: 8192)) { try parser.next() }
    }

    @Test("an error stays: every later call throws it again")
    func sticky() throws {
        var parser = MultipartParser(boundary: try MultipartBoundary("X"))
        parser.append(ByteBuffer(string: "--X!"))
        for _ in 0..<2 {
            #expect(throws: MultipartError.malformedDelimiter(found: 0x21)) { try parser.next() }
            #expect(throws: MultipartError.malformedDelimiter(found: 0x21)) { try parser.finish() }
        }
        parser.append(ByteBuffer(string: "--X--"))
        #expect(throws: MultipartError.malformedDelimiter(found: 0x21)) { try parser.next() }
    }

    @Test("a description shows what was found, control characters escaped and long text cut")
    func descriptions() {
        let long = String(repeating: "x", count: 100)
        #expect("\(MultipartError.malformedHeader(line: "A\r\n\"B"))".contains(#""A\r\n\"B""#))
        #expect("\(MultipartError.truncated(part: long))".contains(long.prefix(80) + "…\""))
        #expect(!"\(MultipartError.truncated(part: long))".contains(long.prefix(81)))
        #expect("\(MultipartError.malformedDelimiter(found: 10))".contains("0x0A"))
    }
}
