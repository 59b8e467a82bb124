/// Why encoded text is no base64 (RFC 4648 §4).
///
/// Offsets count characters of the encoded text, from 0; in a JSON string after its escapes were resolved.
package enum Base64Error: Error, Equatable, Sendable {
    /// A character that is none of the 64, no padding and no permitted line break.
    case invalidCharacter(UInt32, offset: Int)
    /// A `=` where no padding belongs: before the third character of a group, or one too many.
    case misplacedPadding(offset: Int)
    /// Something follows the padding.
    case characterAfterPadding(offset: Int)
    /// The text ends with one character of a group, which is less than a byte, or with half of its padding.
    case incompleteGroup(offset: Int)
    /// The last character has bits that belong to no byte and are not 0 (RFC 4648 §3.5).
    case nonzeroTrailingBits(offset: Int)
}

extension Base64Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidCharacter(let character, let offset):
            "The base64 text has \(shown(character)) at offset \(offset), which is no character of base64."
        case .misplacedPadding(let offset):
            "The base64 text has a \"=\" at offset \(offset), where no padding belongs."
        case .characterAfterPadding(let offset):
            "The base64 text goes on after its padding, at offset \(offset)."
        case .incompleteGroup(let offset):
            "The base64 text ends in the middle of a group, at offset \(offset)."
        case .nonzeroTrailingBits(let offset):
            "The base64 text ends at offset \(offset) with bits that are no part of a byte and not 0."
        }
    }
}

/// Shows a printable ASCII character as itself and everything else as its number.
private func shown(_ character: UInt32) -> String {
    (0x21..<0x7F).contains(character)
        ? "\"\(Character(Unicode.Scalar(UInt8(character))))\"" : "0x" + String(character, radix: 16, uppercase: true)
}
