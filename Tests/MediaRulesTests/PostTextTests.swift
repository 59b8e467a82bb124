import MediaRules
import RandomSupport
import Testing

/// Cases with a number are those of twitter-text's `conformance/validate.yml` (weighted tweets with discounted emoji).
@Suite("Post text")
struct PostTextTests {
    static let url = "https://www.twitter.com/aloha "
    static let hiragana = "あいうえおかきくけこ"

    static let lengths: [(String, Int)] = [
        ("", 0),
        ("This is a test.", 15),
        ("Hi http://test.co", 26),
        ("http://test.co", 23),
        ("test.com", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        (String(repeating: "x", count: 280), 280),
        (String(repeating: "x", count: 281), 281),
        (String(repeating: url, count: 10), 240),
        (String(repeating: "故", count: 140), 280),
        ("the" + String(repeating: "故", count: 160), 323),
        (String(repeating: "😷", count: 160), 320),
        (String(repeating: "👨‍👩‍👧‍👦", count: 140), 280),
        ("H🐱☺👨‍👩‍👧‍👦", 7),
        ("😷👾😡🔥💩", 10),
        ("🙋🏽👨‍🎤", 4),
        ("1⃣", 2),
        ("Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; 🏴󠁧󠁢󠁥󠁮󠁧󠁿", 34),
        ("Unicode 9.0 emoji: 🤠; 💃; 💃🏾", 29),
        ("randomurlrandomurlrandomurlrandomurlrandomurlrandomurlrandomurls.com", 68),
        (String(repeating: hiragana, count: 12) + " http://" + String(repeating: hiragana, count: 5) + "あいう.com", 358),
        (String(repeating: hiragana, count: 12) + " http://" + String(repeating: hiragana, count: 5) + "あい.com", 264),
        ("\u{2066}\u{202A}http://foobar.پاکستان/\u{202C}\u{2069}", 31),
        ("\u{2010}\u{2014}\u{2018}\u{2032}\u{2033}", 5),  // hyphens, quotes and primes of the light ranges
        ("\u{2016}\u{2026}", 3),  // 8214 is light, 8230 is not
        // Roost's own: normal form C
        ("A\u{301}B", 2),
        ("e\u{302}\u{323}", 2),  // composes to U+1EC7, which lies outside of the light ranges
        ("\u{1112}\u{1161}\u{11AB}", 2),  // one Hangul syllable
        ("か\u{3099}", 2),
        ("a\u{1F3FD}", 3),  // a skin tone without a person
        // Roost's own: URLs
        ("see example.com.", 28),
        ("end.Then", 8),
        ("mail me@example.com", 19),
        ("#example.com", 12),
        ("http://example.com/a_(b)", 23),
        ("(http://example.com/a)", 25),
        ("http://example.com/path?q=1&r=2#x!", 24),
        ("http://example.com:8080/", 23),
        ("HTTPS://EXAMPLE.COM", 23),
        ("ftp://example.com", 17),
        ("http://-example.com", 19),
        ("http://test.co故", 25),
        ("故test.com", 25),
        ("1.5 or v2.0", 11),
    ]

    @Test("weighted length", arguments: lengths)
    func length(text: String, expected: Int) {
        #expect(PostText.weightedLength(text) == expected)
    }

    @Test("280 is valid, 281 is too long, nothing is empty")
    func bounds() {
        #expect(PostText.validate(String(repeating: "x", count: 280)).isValid)
        #expect(PostText.validate(String(repeating: "x", count: 281)).reason == .tooLong)
        #expect(PostText.validate("").reason == .empty)
        #expect(PostText.validate("Hi").weightedLength == 2)
    }

    @Test("U+FFFE, U+FEFF and U+FFFF are refused", arguments: ["\u{FFFE}", "\u{FEFF}", "\u{FFFF}"])
    func invalid(character: String) {
        #expect(PostText.validate("test " + character).reason == .invalidCharacter)
    }

    @Test("twitter-text: invalid characters still count")
    func invalidCount() {
        let verdict = PostText.validate("ABC\u{202A}\u{FFFF}ABC\u{FFFE}")
        #expect(verdict.weightedLength == 12)
        #expect(verdict.reason == .invalidCharacter)
    }

    @Test("no amount of text hides in one character")
    func hiding() {
        let joined = Array(repeating: "👨", count: 300).joined(separator: "\u{200D}")
        #expect(PostText.weightedLength(joined) > 280)
        #expect(PostText.weightedLength("👨" + String(repeating: "\u{0301}", count: 300)) > 280)
        #expect(PostText.weightedLength("a" + String(repeating: "\u{0301}", count: 300)) > 280)
        #expect(PostText.weightedLength("http://" + String(repeating: "a.", count: 3000) + "com") > 280)
    }

    @Test("what is too long for a URL is no URL, and what stands in it is none either, as in twitter-text")
    func tooLong() {
        let path = "/" + String(repeating: "a", count: 4100)
        #expect(PostText.weightedLength("http://a.com" + path) == 12 + 4101)
        #expect(PostText.weightedLength("http://a.com/http://b.com" + path) == 25 + 4101)
    }

    @Test(
        "long texts of URLs within URLs take linear time", .timeLimit(.minutes(1)),
        arguments: [("http://x.com/", 13), ("http://x.com/(", 24), ("http://x.com/)", 24), ("http://x.com?!(", 15)])
    func nestedURLs(piece: String, weight: Int) {
        #expect(PostText.weightedLength(String(repeating: piece, count: 10_000)) == 10_000 * weight)
    }

    @Test("random texts never trap, and more text never counts less than none")
    func random() {
        let pieces = [
            "http://", "a", ".", "com", "/", "(", ")", "?", "é", "e\u{301}", "👨", "\u{200D}", "故", " ", "-", "_", "@",
            ":", "\u{FE0F}", "☃",
        ]
        var random = SeededGenerator(1)
        for _ in 0..<2000 {
            let count = Int.random(in: 1...30, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            #expect(PostText.weightedLength(text) > 0)
        }
    }
}
