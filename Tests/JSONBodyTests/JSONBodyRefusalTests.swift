import JSONBody
import NIOCore
import Testing

private func invalid(_ expected: InvalidJSON.Expectation, _ found: UInt8, _ offset: Int) -> JSONBodyError {
    .invalidJSON(InvalidJSON(expected: expected, found: found, offset: offset))
}

@Suite("Refusing a JSON body")
struct JSONBodyRefusalTests {
    @Test(
        "what is no object is told from what is no JSON",
        arguments: [
            ("", JSONBodyError.empty), (" \n", .empty), ("[]", .notAnObject(found: .array)),
            ("\"a\"", .notAnObject(found: .string)), ("-1", .notAnObject(found: .number)),
            ("true", .notAnObject(found: .boolean)), ("null", .notAnObject(found: .null)),
            ("media=x", invalid(.value, 0x6D, 0)), ("--X\r\n", .notAnObject(found: .number)),
            ("'a'", invalid(.value, 0x27, 0)), ("\u{FEFF}{}", invalid(.value, 0xEF, 0)),
            ("\u{0}{}", invalid(.value, 0, 0)),
        ])
    func noObject(body: String, error: JSONBodyError) {
        #expect(read(body).error == error)
    }

    @Test(
        "the object's own grammar",
        arguments: [
            ("{,}", invalid(.memberName, 0x2C, 1)), (#"{"a":1,}"#, invalid(.memberName, 0x7D, 7)),
            ("{a:1}", invalid(.memberName, 0x61, 1)), ("{'a':1}", invalid(.memberName, 0x27, 1)),
            (#"{"a"}"#, invalid(.colon, 0x7D, 4)), (#"{"a",1}"#, invalid(.colon, 0x2C, 4)),
            (#"{"a"::1}"#, invalid(.value, 0x3A, 5)), (#"{"a":}"#, invalid(.value, 0x7D, 5)),
            (#"{"a":1 "b":2}"#, invalid(.commaOrEnd, 0x22, 7)), (#"{"a":1;}"#, invalid(.commaOrEnd, 0x3B, 6)),
            (#"{"a":1]"#, invalid(.commaOrEnd, 0x5D, 6)), ("{]", invalid(.memberName, 0x5D, 1)),
            ("{} {}", invalid(.endOfBody, 0x7B, 3)), ("{}x", invalid(.endOfBody, 0x78, 2)),
            ("{}\u{0}", invalid(.endOfBody, 0, 2)), ("{/**/}", invalid(.memberName, 0x2F, 1)),
            ("{\u{A0}}", invalid(.memberName, 0xC2, 1)), ("{\u{C}}", invalid(.memberName, 0x0C, 1)),
            (#"{"media":"QQ=="x}"#, invalid(.commaOrEnd, 0x78, 15)), (#"{"media":x}"#, invalid(.value, 0x78, 9)),
        ])
    func object(body: String, error: JSONBodyError) {
        #expect(read(body).error == error)
    }

    /// Each value is put after `{"v":`, so that its first byte has the offset 5.
    @Test(
        "values that RFC 8259 does not know",
        arguments: [
            ("01", invalid(.commaOrEnd, 0x31, 6)), ("-", invalid(.digit, 0x7D, 6)), ("-a", invalid(.digit, 0x61, 6)),
            ("+1", invalid(.value, 0x2B, 5)), (".5", invalid(.value, 0x2E, 5)), ("1.", invalid(.digit, 0x7D, 7)),
            ("1.e1", invalid(.digit, 0x65, 7)), ("1e", invalid(.digit, 0x7D, 7)), ("1e+", invalid(.digit, 0x7D, 8)),
            ("-01", invalid(.commaOrEnd, 0x31, 7)), ("0x1", invalid(.commaOrEnd, 0x78, 6)),
            ("1e1.5", invalid(.commaOrEnd, 0x2E, 8)), ("NaN", invalid(.value, 0x4E, 5)),
            ("Infinity", invalid(.value, 0x49, 5)), ("True", invalid(.value, 0x54, 5)),
            ("tru", invalid(.literal, 0x7D, 8)), ("nul\u{0}", invalid(.literal, 0, 8)),
            ("falsee", invalid(.commaOrEnd, 0x65, 10)), ("[1,]", invalid(.value, 0x5D, 8)),
            ("[,1]", invalid(.value, 0x2C, 6)), ("[1 2]", invalid(.commaOrEnd, 0x32, 8)),
            ("[1}", invalid(.commaOrEnd, 0x7D, 7)), ("{\"a\":1]", invalid(.commaOrEnd, 0x5D, 11)),
            ("{\"a\":1,}", invalid(.memberName, 0x7D, 12)), ("{\"a\"}", invalid(.colon, 0x7D, 9)),
            ("{1:1}", invalid(.memberName, 0x31, 6)), ("[\u{0}]", invalid(.value, 0, 6)),
        ])
    func values(value: String, error: JSONBodyError) {
        #expect(read("{\"v\":\(value)}").error == error)
    }

    /// Each is put between quotes, as a name, as a value and as a nested name.
    @Test(
        "strings that are none",
        arguments: [
            ("\n", .unescapedCharacter, 0x0A, 0), ("a\u{0}", .unescapedCharacter, 0, 1),
            ("\u{1F}", .unescapedCharacter, 0x1F, 0), (#"\x41"#, .escape, 0x78, 1), (#"\'"#, .escape, 0x27, 1),
            (#"\U0041"#, .escape, 0x55, 1), (#"\u12g4"#, .hexadecimalDigit, 0x67, 4),
            (#"\u123"#, .hexadecimalDigit, 0x22, 5), (#"\u+123"#, .hexadecimalDigit, 0x2B, 2),
            (#"\uD800"#, .surrogatePair, 0x22, 6), (#"\uD800x"#, .surrogatePair, 0x78, 6),
            (#"\uD800\n"#, .surrogatePair, 0x6E, 7), (#"\uD800\u0041"#, .surrogatePair, 0x31, 11),
            (#"\uD800\uD800"#, .surrogatePair, 0x30, 11), (#"\uDC00"#, .surrogatePair, 0x30, 5),
        ] as [(String, InvalidJSON.Expectation, UInt8, Int)])
    func strings(text: String, expected: InvalidJSON.Expectation, found: UInt8, offset: Int) {
        #expect(read("{\"\(text)\":1}").error == invalid(expected, found, 2 + offset))
        #expect(read("{\"v\":\"\(text)\"}").error == invalid(expected, found, 6 + offset))
        #expect(read("{\"v\":[{\"\(text)\":1}]}").error == invalid(expected, found, 8 + offset))
    }

    @Test(
        "bytes that are no UTF-8, RFC 3629: stray, cut, overlong, surrogates, above U+10FFFF",
        arguments: [
            [0x80], [0xBF], [0xFF], [0xFE], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3, 0x22], [0xE0, 0x9F, 0xBF],
            [0xE2, 0x82, 0x22], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98, 0x22],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        for (prefix, suffix) in [("{\"v\":\"", "\"}"), ("{\"", "\":1}"), ("{\"v\":[{\"", "\":1}]}")] {
            guard case .invalidJSON(let fault) = read(Array(prefix.utf8) + bytes + Array(suffix.utf8)).error else {
                Issue.record("accepted \(bytes) after \(prefix)")
                continue
            }
            #expect(fault.expected == .utf8)
        }
    }

    @Test(
        "a name twice, escapes resolved, anywhere in the object",
        arguments: [
            (#"{"a":1,"a":1}"#, "a"), (#"{"media":"","media":""}"#, "media"),
            (#"{"media":"","m\u0065dia":1}"#, "media"), (#"{"m\u0065dia":"","a":[],"media":""}"#, "media"),
            (#"{"a/b":1,"a\/b":2}"#, "a/b"), (#"{"😀":1,"\ud83d\uDE00":2}"#, "😀"), (#"{"":1,"":2}"#, ""),
        ])
    func duplicates(body: String, name: String) {
        #expect(read(body).error == .duplicateMember(name: name))
    }

    @Test("names that only Unicode holds for equal are two names")
    func canonicalEquivalence() {
        #expect(read("{\"\u{E9}\":1,\"e\u{301}\":2}").error == nil)
    }

    @Test(
        "a streamed member that is no string",
        arguments: [
            ("1", JSONKind.number), ("null", .null), ("true", .boolean), ("[\"QQ\"]", .array), ("{}", .object),
        ])
    func noString(value: String, kind: JSONKind) {
        #expect(
            read("{\"media\":\(value)}").error == .streamedMemberIsNotAString(name: "media", found: kind))
    }

    @Test(
        "a streamed string that is no base64; offsets count its characters, escapes resolved",
        arguments: [
            (#"QU-D"#, .invalidCharacter(0x2D, offset: 2)), (#"\u0051U-D"#, .invalidCharacter(0x2D, offset: 2)),
            (#"QU\nJD"#, .invalidCharacter(0x0A, offset: 2)), (#"\u00e9"#, .invalidCharacter(0xE9, offset: 0)),
            (#"Q\u20AC"#, .invalidCharacter(0x20AC, offset: 1)), ("Qé", .invalidCharacter(0xC3, offset: 1)),
            ("data:image/png;base64,QQ", .invalidCharacter(0x3A, offset: 4)), ("QQ=", .incompleteGroup(offset: 3)),
            ("Q", .incompleteGroup(offset: 1)), ("QR", .nonzeroTrailingBits(offset: 2)),
            (#"QQ==QQ"#, .characterAfterPadding(offset: 4)), (#"QQ==\/"#, .characterAfterPadding(offset: 4)),
            ("===", .misplacedPadding(offset: 0)),
        ] as [(String, Base64Error)])
    func noBase64(text: String, error: Base64Error) {
        #expect(read("{\"media\":\"\(text)\"}").error == .invalidBase64(error))
    }

    @Test("a streamed string that is no JSON string is a fault of JSON, not of base64")
    func streamedNoString() {
        #expect(read("{\"media\":\"QU\nJD\"}").error == invalid(.unescapedCharacter, 0x0A, 12))
        #expect(read(#"{"media":"QU\xJD"}"#).error == invalid(.escape, 0x78, 13))
        #expect(read(#"{"media":"\uD800"}"#).error == invalid(.surrogatePair, 0x22, 16))
    }

    @Test("nesting up to the limit and not one deeper")
    func depth() {
        func body(_ levels: Int) -> String {
            "{\"v\":" + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
        }
        #expect(read(body(32)).error == nil)
        #expect(read(body(33)).error == .tooDeep(limit: 32))
        let objects = String(repeating: "{\"a\":", count: 100_000)
        #expect(ReadBody(pieces: [Array(objects.utf8)[...]]).error == .tooDeep(limit: 32))
        #expect(read("{\"v\":1}", limits: JSONBodyLimits(depth: 1)).error == nil)
        #expect(read("{\"v\":[]}", limits: JSONBodyLimits(depth: 1)).error == .tooDeep(limit: 1))
    }

    @Test("the other members up to their limit and not one byte more; the streamed one does not count")
    func size() {
        let limits = JSONBodyLimits(memberBytes: 24)
        #expect(read(#"{"v":"1234567890123456"}"#, limits: limits).error == nil)
        #expect(read(#"{"v":"12345678901234567"}"#, limits: limits).error == .membersTooLarge(limit: 24))
        let long = base64([UInt8](repeating: 1, count: 100))
        #expect(read("{\"media\":\"\(long)\",\"v\":\"1234567890123456\"}", limits: limits).error == nil)
        let digits = [UInt8](repeating: UInt8(ascii: "9"), count: 100_000)
        for prefix in [#"{"v":"#, #"{""#] {
            let result = ReadBody(pieces: [Array(prefix.utf8)[...], digits[...]])
            #expect(result.error == .membersTooLarge(limit: 65536))
        }
    }

    @Test("an error stays: every later call throws it again")
    func sticky() throws {
        var reader = JSONBodyReader(streamedMember: "media")
        reader.append(ByteBuffer(string: "[]{}"))
        for _ in 0..<2 {
            #expect(throws: JSONBodyError.notAnObject(found: .array)) { try reader.next() }
            #expect(throws: JSONBodyError.notAnObject(found: .array)) { try reader.finish() }
        }
        reader.append(ByteBuffer(string: "{}"))
        #expect(throws: JSONBodyError.notAnObject(found: .array)) { try reader.next() }
    }

    @Test("a description names what was found and where")
    func descriptions() {
        #expect("\(invalid(.colon, 0x7D, 4))".contains("a colon was expected at offset 4, the byte 0x7D was found"))
        #expect("\(JSONBodyError.notAnObject(found: .array))".contains("an array"))
        #expect("\(JSONBodyError.invalidBase64(.invalidCharacter(0x2D, offset: 2)))".contains("\"-\" at offset 2"))
        #expect("\(JSONBodyError.duplicateMember(name: "a\nb"))".contains(#""a\nb""#))
    }
}
