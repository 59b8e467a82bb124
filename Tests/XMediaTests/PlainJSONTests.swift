import Foundation
import Testing
import XMedia

@Suite("Plain JSON")
struct PlainJSONTests {
    private func plain(_ text: String) -> JSONValue? { JSONValue(plain: Array(text.utf8)) }

    private func decoded(_ text: String) -> JSONValue? {
        try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    @Test(
        "what most clients write is read, as a decoder reads it",
        arguments: [
            #"{"id":"1880028106020515840","metadata":{"alt_text":{"text":"A cat, 猫 🐈"}}}"#, "{}", "[]", "null", "true",
            "false", "0", "-1", "999999999999999999", "-999999999999999999", #""""#, #" { "a" : [ 1 , { } , [ ] ] } "#,
            "\t\r\n[1,2,\n3]\n", #""a\"b\\c\/d\b\f\n\r\te""#, #"{"":null,"a":{"":[true,false]}}"#,
            #""\#u{7F}\#u{2028}""#,
        ])
    func usual(text: String) throws {
        let value = try #require(plain(text))
        #expect(value == decoded(text))
    }

    @Test(
        "what is unusual or wrong is left to the decoder",
        arguments: [
            "", " ", "{", "}", "[1", "[1,]", "[,1]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, "1 2", "[] x",
            "tru",
            "nul", "truex", "01", "-", "-0", "+1", "1.0", "1e3", "1000000000000000000", "9223372036854775808",
            #""\u0041""#, #""\x""#, #""\"#, #""a"#, "\"a\nb\"", "\"a\\n\u{1}\"", #"{"a":1,"a":2}"#, "\u{FEFF}1", "NaN",
            "'a'",
            String(repeating: "[", count: 18) + String(repeating: "]", count: 18),
        ])
    func unusual(text: String) {
        #expect(plain(text) == nil)
    }

    @Test("bytes that are no UTF-8 are left to the decoder, in strings with and without escapes")
    func encoding() {
        for bytes in [[0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
            #expect(JSONValue(plain: [0x22] + bytes + [0x22]) == nil)
            #expect(JSONValue(plain: [0x22, 0x5C, 0x6E] + bytes + [0x22]) == nil)
        }
    }

    @Test("any text that is read is read as a decoder reads it")
    func mutated() {
        let seed = #"{"a":[1,-20,{"b":"c\n\"é","d":true}],"e":{"f":null,"g":""},"h":false}"#
        let letters = Array(#"{}[]",:\-+.eE0123456789 ntfu/é"#.utf8)
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var readable = 0
        for _ in 0..<20_000 {
            var bytes = Array(seed.utf8)
            for _ in 0..<1 + random(3) {
                let place = random(bytes.count)
                switch random(3) {
                case 0: bytes[place] = letters[random(letters.count)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(letters[random(letters.count)], at: place)
                }
            }
            guard let value = JSONValue(plain: bytes) else { continue }
            readable += 1
            #expect(value == (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))), "\(bytes)")
        }
        // Otherwise nothing was compared.
        #expect(readable > 1000)
    }
}
