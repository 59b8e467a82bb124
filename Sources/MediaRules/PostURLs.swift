/// Finds the URLs in a post's text, which count 23 each.
///
/// Follows twitter-text's rules (`js/src/regexp/extractUrl.js`): `http://` or `https://` and a domain, or a bare domain of
/// ASCII characters with a known top-level domain; then a port, a path and a query.
enum PostURLs {
    /// The longest URL, with its domain in ASCII form.
    private static let longestURL = 4096

    /// The ranges of all URLs, in order.
    static func ranges(in text: [Unicode.Scalar]) -> [Range<Int>] {
        guard text.contains(".") else { return [] }
        var found: [Range<Int>] = []
        var position = 0
        while position < text.count {
            if canBegin(after: position > 0 ? text[position - 1] : nil),
                let match = match(text, from: position)
            {
                if match.isURL { found.append(position..<match.end) }
                // Also behind one that is too long, as twitter-text does: to look for others inside of it would take
                // quadratic time.
                position = match.end
            } else {
                position += 1
            }
        }
        return found
    }

    private static func canBegin(after previous: Unicode.Scalar?) -> Bool {
        guard let previous else { return true }
        let barring: [Unicode.Scalar] = ["@", "＠", "$", "#", "＃", "\u{FFFE}", "\u{FEFF}", "\u{FFFF}"]
        return !previous.isASCIILetterOrDigit && !barring.contains(previous)
    }

    /// The end of what has the form of a URL and begins at `start`, and whether it is short enough to be one; nil when
    /// nothing begins there.
    private static func match(_ text: [Unicode.Scalar], from start: Int) -> (end: Int, isURL: Bool)? {
        let scheme = schemeLength(text, at: start)
        if scheme == 0, start > 0, ["-", "_", ".", "/"].contains(text[start - 1]) { return nil }
        let domainStart = start + scheme
        guard let domainEnd = domain(text, from: domainStart, hasScheme: scheme > 0) else { return nil }
        let end = query(text, from: path(text, from: port(text, from: domainEnd)))
        guard let ascii = Punycode.domainLength(text[domainStart..<domainEnd]) else { return (end, false) }
        let length = (scheme > 0 ? scheme : 8) + ascii + (end - domainEnd)
        return (end, length <= longestURL)
    }

    private static func schemeLength(_ text: [Unicode.Scalar], at start: Int) -> Int {
        for scheme in ["http://", "https://"] {
            let wanted = Array(scheme.unicodeScalars)
            let found = text[start...].prefix(wanted.count)
            if found.count == wanted.count, zip(found, wanted).allSatisfy({ $0.asciiLowercased == $1 }) {
                return wanted.count
            }
        }
        return 0
    }

    // MARK: Domain

    /// The end of the longest valid domain at `start`.
    private static func domain(_ text: [Unicode.Scalar], from start: Int, hasScheme: Bool) -> Int? {
        var end = start
        while end < text.count, isDomainCharacter(text[end], isASCII: !hasScheme) { end += 1 }
        var labels: [Range<Int>] = []
        var labelStart = start
        for index in start...end where index == end || text[index] == "." {
            labels.append(labelStart..<index)
            labelStart = index + 1
        }
        // The last label that can be a top-level domain behind labels that are all well-formed.
        var best: Int?
        for (index, label) in labels.enumerated() {
            if index >= 1, !text[labels[index - 1]].contains("_"),
                let topEnd = topLevelDomain(text, label, hasScheme: hasScheme)
            {
                best = topEnd
            }
            guard isLabel(text[label]) else { break }
        }
        return best
    }

    private static func isDomainCharacter(_ scalar: Unicode.Scalar, isASCII: Bool) -> Bool {
        if scalar.isASCIILetterOrDigit || ["-", "_", "."].contains(scalar) { return true }
        guard !isASCII, scalar.value >= 0x80 else { return false }
        // No spaces, no general and CJK punctuation, no direction marks.
        return !scalar.properties.isWhitespace && !(0x2000...0x206F).contains(scalar.value)
            && !(0x3000...0x303F).contains(scalar.value) && !(0xFF00...0xFF0F).contains(scalar.value)
            && ![0xFEFF, 0xFFFE, 0xFFFF].contains(scalar.value)
    }

    private static func isLabel(_ label: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = label.first, let last = label.last else { return false }
        return !["-", "_"].contains(first) && !["-", "_"].contains(last)
    }

    /// The end of the top-level domain that a label is or begins with.
    ///
    /// Behind a scheme every word of ASCII letters is taken; bare domains need a known one, or "end.Then" would be a URL.
    /// Text in other scripts may follow a known one without a space.
    private static func topLevelDomain(
        _ text: [Unicode.Scalar], _ label: Range<Int>, hasScheme: Bool
    ) -> Int? {
        let word = text[label]
        if word.endIndex < text.count, ["@", "+"].contains(text[word.endIndex]) { return nil }
        let ascii = word.prefix { $0.isASCII }
        let name = ascii.reduce(into: "") { $0.unicodeScalars.append($1.asciiLowercased) }
        if ascii.endIndex == word.endIndex {
            if name.hasPrefix("xn--"), name.utf8.count > 4 { return word.endIndex }
            let isWord = ascii.count >= 2 && ascii.allSatisfy { $0.properties.isAlphabetic }
            return isWord && (hasScheme || TopLevelDomains.contains(name)) ? word.endIndex : nil
        }
        if ascii.isEmpty {
            return hasScheme && word.count >= 2 && word.allSatisfy { !$0.isASCII } ? word.endIndex : nil
        }
        return TopLevelDomains.contains(name) ? ascii.endIndex : nil
    }

    // MARK: Port, path, query

    private static func port(_ text: [Unicode.Scalar], from start: Int) -> Int {
        guard start < text.count, text[start] == ":" else { return start }
        var end = start + 1
        while end < text.count, ("0"..."9").contains(text[end]) { end += 1 }
        return end > start + 1 ? end : start
    }

    /// A path may not end in punctuation; a closing parenthesis belongs to it when it was opened there, within at most one
    /// other (twitter-text, `validUrlBalancedParens`; without a bound, the end would be looked for in quadratic time).
    private static func path(_ text: [Unicode.Scalar], from start: Int) -> Int {
        guard start < text.count, text[start] == "/" else { return start }
        var end = start + 1
        var depth = 0
        var position = start + 1
        while position < text.count {
            let scalar = text[position]
            if scalar == "(" {
                guard depth < 2 else { break }
                depth += 1
            } else if scalar == ")" {
                guard depth > 0 else { break }
                depth -= 1
            } else if !isPathCharacter(scalar) {
                break
            }
            position += 1
            let isEnding = scalar == ")" || isPathLetter(scalar) || "+-=_#/".unicodeScalars.contains(scalar)
            if isEnding, depth == 0 { end = position }
        }
        return end
    }

    private static func query(_ text: [Unicode.Scalar], from start: Int) -> Int {
        guard start < text.count, text[start] == "?" else { return start }
        var end = start
        var position = start + 1
        while position < text.count {
            let scalar = text[position]
            let isAllowed = scalar.isASCIILetterOrDigit || "!?*'@();:&=+$/%#[]-_.,~|".unicodeScalars.contains(scalar)
            guard isAllowed else { break }
            position += 1
            if scalar.isASCIILetterOrDigit || "-_&=#/".unicodeScalars.contains(scalar) { end = position }
        }
        return end
    }

    private static func isPathCharacter(_ scalar: Unicode.Scalar) -> Bool {
        isPathLetter(scalar) || scalar.value == 0x2013 || "!*';:=+,.$/%#[]-_~@|&".unicodeScalars.contains(scalar)
    }

    /// ASCII, accented Latin and Cyrillic letters and digits.
    private static func isPathLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCIILetterOrDigit
            || ((0xC0...0x24F).contains(scalar.value) && ![0xD7, 0xF7].contains(scalar.value))
            || (0x400...0x52F).contains(scalar.value) || (0x1E00...0x1EFF).contains(scalar.value)
    }
}

extension Unicode.Scalar {
    fileprivate var isASCIILetterOrDigit: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self)
    }

    fileprivate var asciiLowercased: Unicode.Scalar {
        ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) | 0x20) : self
    }
}
