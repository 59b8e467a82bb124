import MediaRules

extension FuzzTarget {
    /// A post's text: a line's end stands in no URL, emoji or accent, so two lines weigh what each weighs and one more.
    static let postText = FuzzTarget(
        "post-text",
        seeds: [
            "Hi http://test.co", "e\u{301}👨‍👩‍👧‍👦🇩🇪1⃣☃\u{FE0F}", "(https://example.com/a_(b)?c=d#e) foo.com.",
            "\u{1112}\u{1161}\u{11AB} 故test.com",
            "@a.com $b.com #c.com http://xn--nxasmq6b/ http://-.com http://a_b.com:80",
        ].map { Array($0.utf8) },
        tokens: [
            "http://", "https://", ".com", ".", "/", "(", ")", "?", "=", "\u{301}", "\u{200D}", "\u{FE0F}", "👨", "🇩",
            "é", "故",
            "\u{FEFF}", "\r", "\u{3099}", "か", "ß", "xn--", "_", "-", "@", ":", "80",
        ]
    ) { input in
        let text = String(decoding: input, as: UTF8.self)
        let weight = PostText.weightedLength(text)
        let verdict = PostText.validate(text)
        try require(verdict.weightedLength == weight, "weighs \(weight) and \(verdict.weightedLength)")
        try require((weight == 0) == text.isEmpty, "\(text.unicodeScalars.count) characters weigh \(weight)")
        try require(verdict.isValid || verdict.reason != .empty || text.isEmpty, "\(verdict)")
        let scalars = Array(text.unicodeScalars)
        let middle = scalars.count / 2
        let first = string(scalars[..<middle])
        let second = string(scalars[middle...])
        let lines = PostText.weightedLength(first + "\n" + second)
        let sum = PostText.weightedLength(first) + 1 + PostText.weightedLength(second)
        try require(lines == sum, "two lines weigh \(lines), not \(sum)")
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
