import JSONBody
import NIOCore
import RandomSupport
import Testing

@Suite("Decoding base64, RFC 4648 §4, however the characters arrive")
struct StreamingBase64DecoderTests {
    private func decode(
        _ pieces: [ArraySlice<UInt8>], _ form: StreamingBase64Decoder.Form
    ) throws(Base64Error) -> [UInt8] {
        var decoder = StreamingBase64Decoder(form)
        var output = ByteBuffer()
        for piece in pieces {
            try decoder.decode(ByteBuffer(bytes: piece), into: &output)
        }
        try decoder.finish(into: &output)
        return Array(output.readableBytesView)
    }

    /// Decodes in all arrivals, expects the same of each.
    private func decode(_ text: String, _ form: StreamingBase64Decoder.Form = .plain) -> Result<[UInt8], Base64Error> {
        func result(_ pieces: [ArraySlice<UInt8>]) -> Result<[UInt8], Base64Error> {
            Result { () throws(Base64Error) in try decode(pieces, form) }
        }
        let whole = result([Array(text.utf8)[...]])
        for pieces in arrivals(of: Array(text.utf8)) where result(pieces) != whole {
            Issue.record("differs when it comes in pieces of \(pieces.map(\.count))")
        }
        return whole
    }

    @Test(
        "the test vectors of RFC 4648 §10, with and without padding",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ])
    func vectors(text: String, bytes: String) {
        #expect(decode(text) == .success(Array(bytes.utf8)))
        #expect(decode(text.filter { $0 != "=" }) == .success(Array(bytes.utf8)))
    }

    @Test("random bytes of every length up to 20 come out as they went in")
    func random() {
        var generator = SeededGenerator(5)
        for count in 0...20 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(decode(base64(bytes)) == .success(bytes))
            #expect(decode(base64(bytes, padded: false)) == .success(bytes))
        }
    }

    @Test("every byte that is none of the alphabet is refused, at every place of a group")
    func alphabet() throws {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: "=") {
            for place in 0..<16 {
                var text = [UInt8](repeating: UInt8(ascii: "A"), count: 16)
                text[place] = byte
                if alphabet.contains(byte) {
                    #expect(try decode([text[...]], .plain).count == 12)
                } else {
                    #expect(throws: Base64Error.invalidCharacter(UInt32(byte), offset: place)) {
                        try decode([text[...]], .plain)
                    }
                }
            }
        }
    }

    @Test(
        "what is no base64, with its reason",
        arguments: [
            ("A", Base64Error.incompleteGroup(offset: 1)), ("AAAAA", .incompleteGroup(offset: 5)),
            ("AA=", .incompleteGroup(offset: 3)), ("=", .misplacedPadding(offset: 0)),
            ("A=", .misplacedPadding(offset: 1)), ("AAAA=", .misplacedPadding(offset: 4)),
            ("AAA==", .misplacedPadding(offset: 4)), ("AA===", .misplacedPadding(offset: 4)),
            ("AA==AA==", .characterAfterPadding(offset: 4)), ("AA=A", .characterAfterPadding(offset: 3)),
            ("AAA=\n", .characterAfterPadding(offset: 4)), ("AB==", .nonzeroTrailingBits(offset: 4)),
            ("AB", .nonzeroTrailingBits(offset: 2)), ("AAB=", .nonzeroTrailingBits(offset: 4)),
            ("AAAAAAAAAB", .nonzeroTrailingBits(offset: 10)), ("AAAA\nAAAA", .invalidCharacter(0x0A, offset: 4)),
            ("AA AA", .invalidCharacter(0x20, offset: 2)), ("-_-_", .invalidCharacter(0x2D, offset: 0)),
        ])
    func refused(text: String, error: Base64Error) {
        #expect(decode(text) == .failure(error))
    }

    @Test("line breaks are skipped in a part's content, RFC 2045 §6.8, and nothing else is")
    func mime() {
        let bytes = (0..<200).map { UInt8($0) }
        var lines = ""
        for (index, character) in base64(bytes).enumerated() {
            lines += (index > 0 && index % 76 == 0 ? "\r\n" : "") + String(character)
        }
        #expect(decode(lines + "\r\n", .mime) == .success(bytes))
        #expect(decode("\nQ\rUJ\r\n\r\nD\n", .mime) == .success(Array("ABC".utf8)))
        #expect(decode("QQ=\r\n=\r\n", .mime) == .success(Array("A".utf8)))
        #expect(decode("QU JD", .mime) == .failure(.invalidCharacter(0x20, offset: 2)))
        #expect(decode("QQ==\r\nQQ==", .mime) == .failure(.characterAfterPadding(offset: 6)))
    }
}
