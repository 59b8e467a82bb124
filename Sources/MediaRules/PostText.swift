/// What the length rule says about a post's text.
package struct PostTextVerdict: Sendable, Hashable {
    /// Why a text cannot be posted.
    package enum Reason: Sendable, Hashable {
        /// There is no character.
        case empty
        /// One of U+FFFE, U+FEFF and U+FFFF is there.
        case invalidCharacter
        /// The weighted length is above ``PostText/maxWeightedLength``.
        case tooLong
    }

    /// The weighted length, 0 or more.
    package let weightedLength: Int
    /// Why the text cannot be posted; nil when it can.
    package let reason: Reason?

    /// Whether the text can be posted.
    package var isValid: Bool { reason == nil }
}

/// Weighted text length as twitter-text counts it, configuration version 3.
///
/// https://github.com/twitter/twitter-text/blob/master/config/v3.json and `conformance/validate.yml`, read 2026-11-21:
/// `{maxWeightedTweetLength: 280, scale: 100, defaultWeight: 200, emojiParsingEnabled: true, transformedURLLength: 23,
/// ranges: 0–4351, 8192–8205, 8208–8223, 8242–8247 of weight 100}`. The text is brought into normal form C first.
///
/// Differences, each of which costs a character or two in rare texts: URLs without a scheme are found for all country
/// codes but only for common generic top-level domains (``TopLevelDomains``); any sequence of emoji joined to one
/// character counts 2, also when no font shows it as one; single characters that normal form C would replace by others
/// (U+212B, Hebrew presentation forms) are counted as they stand.
package enum PostText {
    /// The largest weighted length of a post.
    package static let maxWeightedLength = 280
    /// What a URL counts, however long it is, since it is replaced by a short link.
    package static let urlLength = 23

    private static let scale = 100
    private static let defaultWeight = 200
    private static let lightRanges: [ClosedRange<UInt32>] = [0...4351, 8192...8205, 8208...8223, 8242...8247]
    /// Scalars of the longest emoji sequence that Unicode recommends (a kiss with two skin tones).
    private static let longestEmoji = 10

    /// Judges a text.
    package static func validate(_ text: String) -> PostTextVerdict {
        let length = weightedLength(text)
        let reason: PostTextVerdict.Reason? =
            if text.isEmpty {
                .empty
            } else if text.unicodeScalars.contains(where: { [0xFFFE, 0xFEFF, 0xFFFF].contains($0.value) }) {
                .invalidCharacter
            } else if length > maxWeightedLength {
                .tooLong
            } else {
                nil
            }
        return PostTextVerdict(weightedLength: length, reason: reason)
    }

    /// The weighted length of a text.
    package static func weightedLength(_ text: String) -> Int {
        let scalars = Array(text.unicodeScalars)
        var weight = 0
        var position = 0
        for url in PostURLs.ranges(in: scalars) {
            weight += self.weight(of: scalars[position..<url.lowerBound]) + urlLength * scale
            position = url.upperBound
        }
        weight += self.weight(of: scalars[position...])
        return weight / scale
    }

    /// The weight of a stretch without URLs.
    private static func weight(of scalars: ArraySlice<Unicode.Scalar>) -> Int {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text).reduce(0) { $0 + weight(of: $1) }
    }

    private static func weight(of character: Character) -> Int {
        let scalars = Array(character.unicodeScalars)
        if isEmoji(scalars) { return defaultWeight }
        let composed = scalars.count == 1 ? scalars : CanonicalComposition.compose(scalars)
        return composed.reduce(0) { $0 + weight(of: $1) }
    }

    private static func weight(of scalar: Unicode.Scalar) -> Int {
        lightRanges.contains { $0.contains(scalar.value) } ? scale : defaultWeight
    }

    /// Whether a character is one emoji: shown as one by default, or by what follows its first scalar.
    ///
    /// The length is bounded and all parts must belong to emoji, or a text of any length could hide in one character.
    private static func isEmoji(_ scalars: [Unicode.Scalar]) -> Bool {
        guard let first = scalars.first, first.properties.isEmoji, scalars.count <= longestEmoji,
            scalars.dropFirst().allSatisfy(isEmojiPart)
        else { return false }
        guard scalars.count > 1 else { return first.properties.isEmojiPresentation }
        let second = scalars[1]
        return first.properties.isEmojiPresentation || second.value == 0xFE0F || second.value == 0x20E3
            || (first.properties.isEmojiModifierBase && second.properties.isEmojiModifier)
            || second.value == 0x200D
    }

    /// Emoji, the joiner, the variation selector, the keycap, and the tags of subdivision flags.
    private static func isEmojiPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmoji || [0x200D, 0xFE0F, 0x20E3].contains(scalar.value)
            || (0xE0020...0xE007F).contains(scalar.value)
    }
}
