import Foundation
import Testing
import XMedia

/// The parser gives what `JSONDecoder` gives, or refuses what it refuses.
@Suite("Parsing JSON")
struct JSONParsingTests {
    private func parsed(_ text: String) -> JSONValue? { try? JSONValue(parsing: text.utf8) }

    private func decoded(_ text: String) -> JSONValue? {
        try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    static let texts = [
        "null", "true", "false", "0", "-0", "1", "-1", "9223372036854775807", "-9223372036854775808", "1.5", "1.0",
        "1e2",
        "1E+2", "1e-2", "-1.25e3", "123456789012345678901234567890", "0.1", #""""#, #""a""#, " \t\r\n[ 1 , 2 ]\n", "[]",
        "{}", #"{"a":1}"#, #"{"a":{"b":[null,true,{"c":"d"}]}}"#, #""\"\\\/\b\f\n\r\t""#, #""\u0041\u00e9\u20AC""#,
        #""\ud83d\ude00""#, #""é€😀""#, #"{"é":"ü"}"#, #"[[],{},[[]],[{}]]"#, #"{"":""}"#, #""\u0000""#,
    ]

    @Test("what is JSON is read alike", arguments: texts)
    func valid(text: String) throws {
        let expected = try #require(decoded(text))
        #expect(parsed(text) == expected)
    }

    static let faults = [
        "", " ", "nul", "nulll", "True", "01", "-", "+1", "1.", ".5", "1e", "1e+", "1e400", "NaN", "Infinity", "0x10",
        "'a'",
        #"""#, #""a"#, #""\x""#, #""\u12""#, #""\ud83d""#, #""\ude00""#, #""\ud83dx""#, "\"\u{1}\"", "\"\n\"", "[", "]",
        "[1,]",
        "[,1]", "[1 2]", "{", "}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, #"{"a":1 "b":2}"#, "1 2", "[]]",
        "{}x", "/* a */ 1",
    ]

    @Test("what is none is refused alike", arguments: faults)
    func invalid(text: String) {
        #expect(decoded(text) == nil || Self.hasTrailingComma(text))
        #expect(parsed(text) == nil)
    }

    private static func hasTrailingComma(_ text: String) -> Bool {
        text.contains(/,[ \n\r\t]*[\]}]/)
    }

    /// Whether the decoder gives more than there is: for commas before a closing bracket, and for fractions of numbers
    /// that a `Double` cannot hold, which it may cut off.
    private static func isLooser(_ text: String, _ decoded: JSONValue?, _ parsed: JSONValue?) -> Bool {
        if parsed == nil { return hasTrailingComma(text) }
        guard case .number(let number)? = parsed, case .integer(let integer)? = decoded else { return false }
        return abs(number) >= 9_007_199_254_740_992 && Double(integer).distance(to: number).magnitude <= 2048
    }

    @Test("changed at any place, texts are read alike")
    func mutated() {
        let alphabet = Array("[]{}\",:\\ue0123456789.-+truefalsn \n\u{7f}é".unicodeScalars)
        for text in Self.texts {
            let scalars = Array(text.unicodeScalars)
            for place in 0...scalars.count {
                for scalar in alphabet {
                    var inserted = scalars
                    inserted.insert(scalar, at: place)
                    var replaced = scalars
                    if place < replaced.count { replaced[place] = scalar }
                    for variant in [inserted, replaced] {
                        let text = String(String.UnicodeScalarView(variant))
                        let (found, expected) = (parsed(text), decoded(text))
                        if found != expected, !Self.isLooser(text, expected, found) {
                            Issue.record("\(text): \(String(describing: found)), not \(String(describing: expected))")
                        }
                    }
                }
            }
        }
    }

    @Test("damaged UTF-8 is refused")
    func damaged() {
        #expect(throws: JSONValue.SyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONValue.SyntaxError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E, 0xC3, 0x22]) }
    }

    @Test("of members with one name the last counts")
    func repeated() {
        #expect(parsed(#"{"a":1,"a":2}"#) == .object(["a": .integer(2)]))
    }

    @Test("nesting is bounded, and a number's digits are")
    func bounds() {
        let most = JSONValue.mostDepth
        #expect(parsed(String(repeating: "[", count: most) + String(repeating: "]", count: most)) != nil)
        #expect(parsed(String(repeating: "[", count: most + 1) + String(repeating: "]", count: most + 1)) == nil)
        #expect(parsed(String(repeating: #"{"a":"#, count: 1 << 18)) == nil)
        #expect(parsed(String(repeating: "9", count: 1 << 20)) == nil)
    }
}
