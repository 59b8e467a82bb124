import JSONBody
import NIOCore
import RandomSupport
import Testing

@Suite("Reading a JSON object with one streamed member, however the bytes arrive")
struct JSONBodyReaderTests {
    @Test(
        "the streamed member at any place, or absent",
        arguments: [
            (#"{"media":"QUJD","segment_index":0}"#, "ABC", #"{"segment_index":0}"#),
            (#"{"segment_index":0,"media":"QUJD"}"#, "ABC", #"{"segment_index":0}"#),
            (#"{"a":1,"media":"QUJD","b":[2]}"#, "ABC", #"{"a":1,"b":[2]}"#),
            (#"{"media":"QUJD"}"#, "ABC", "{}"),
            (#"{"media":""}"#, "", "{}"),
            (#"{"media":"QQ"}"#, "A", "{}"),
            (#"{"segment_index":"1"}"#, nil, #"{"segment_index":"1"}"#),
            ("{}", nil, "{}"),
            (#"{"x":{"media":"no base64!"}}"#, nil, #"{"x":{"media":"no base64!"}}"#),
            (#"{"Media":"no base64!"}"#, nil, #"{"Media":"no base64!"}"#),
        ] as [(String, String?, String)])
    func places(body: String, streamed: String?, members: String) {
        #expect(read(body) == ReadBody(streamed, members: members))
    }

    @Test("white space may stand everywhere between tokens, RFC 8259 §2")
    func whiteSpace() {
        let body = " \t\r\n{ \"a\" : [ 1 , { \"b\" : null } ] ,\n\"media\"\t:\r\"QUJD\" , \"c\" : -0.5e+3 } \n "
        #expect(read(body) == ReadBody("ABC", members: #"{"a":[ 1 , { "b" : null } ],"c":-0.5e+3}"#))
    }

    @Test(
        "escapes in the base64 are resolved",
        arguments: [
            (#"{"media":"\/\/\/\/"}"#, [0xFF, 0xFF, 0xFF]),
            (#"{"media":"\u002b\u002B\/\u002F"}"#, [0xFB, 0xEF, 0xFF]),
            (#"{"media":"\u0051UJ\u0044QQ\u003d\u003D"}"#, [0x41, 0x42, 0x43, 0x41]),
            (#"{"m\u0065dia":"QUJD"}"#, [0x41, 0x42, 0x43]),
        ] as [(String, [UInt8])])
    func escapes(body: String, bytes: [UInt8]) {
        #expect(read(body).streamed == bytes)
        #expect(read(body).error == nil)
    }

    @Test(
        "valid values of the other members come out as they were written",
        arguments: [
            "0", "-0", "-1", "10", "1.5", "0.0e0", "1E400", "1e-400", "123456789012345678901234567890.0", "true",
            "false",
            "null", "[]", "{}", "[[]]", "[{},[1,2],\"\"]", #"{"a":{"b":[]},"a":2}"#, #""""#, #""\"\\\/\b\f\n\r\t""#,
            #""\u0000\uFFFF\u00e9""#, #""\uD834\udd1E""#, "\"ä€😀\u{7F}\u{2028}\"", "[1]", "[ ]", "{ }",
            "\"\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\"",
        ])
    func values(value: String) {
        #expect(read("{\"v\":\(value)}") == ReadBody(nil, members: "{\"v\":\(value)}"))
        #expect(read("{\"v\":\(value) ,\"media\":\"\"}") == ReadBody("", members: "{\"v\":\(value)}"))
    }

    @Test("long base64 with an escape now and then, as PHP writes it")
    func longBase64() {
        var generator = SeededGenerator(11)
        let bytes = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let text = base64(bytes).map { $0 == "/" ? "\\/" : String($0) }.joined()
        let body = Array("{\"segment_index\":3,\"media\":\"\(text)\"}".utf8)
        for size in [1, 2, 3, 5, 7, 64, 1000, body.count] {
            let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
            let result = ReadBody(pieces: pieces)
            #expect(result.streamed == bytes)
            #expect(result.members == #"{"segment_index":3}"#)
            #expect(result.error == nil)
        }
    }

    @Test("decoded bytes come with the bytes that arrive, none of them is kept")
    func streams() throws {
        var reader = JSONBodyReader(streamedMember: "media")
        reader.append(ByteBuffer(string: "{\"media\":\""))
        #expect(try reader.next() == .streamBegin)
        for _ in 0..<10 {
            #expect(try reader.next() == nil)
            reader.append(ByteBuffer(repeating: UInt8(ascii: "A"), count: 40_000))
            #expect(try reader.next() == .streamed(ByteBuffer(repeating: 0, count: 30_000)))
        }
    }

    @Test("a body cut anywhere never ends, and says that it is truncated")
    func truncated() {
        let body = Array(#" {"media":"QU\u004aDQQ==","n":[-1.5e3,{"a":"\ud834\udd1eä"},true]}"#.utf8)
        for length in 0..<body.count {
            let result = ReadBody(pieces: [body[..<length]])
            #expect(result.members == nil, "length \(length)")
            #expect(result.error == (length < 2 ? .empty : .truncated(offset: length)), "length \(length)")
        }
        #expect(read(body).error == nil)
    }
}
