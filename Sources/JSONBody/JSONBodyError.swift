/// Why a JSON body is refused.
///
/// `description` is one English sentence that names what was found; it is meant to reach the sender of the body.
/// Offsets count bytes of the body, from 0.
package enum JSONBodyError: Error, Equatable, Sendable {
    /// The body has no bytes, or none but white space.
    case empty
    /// The body is a JSON value of another kind.
    case notAnObject(found: JSONKind)
    /// The body breaks RFC 8259, or a string in it is no Unicode.
    case invalidJSON(InvalidJSON)
    /// The body ended inside the object.
    case truncated(offset: Int)
    /// The member that is streamed has a value that is no string.
    case streamedMemberIsNotAString(name: String, found: JSONKind)
    /// The string that is streamed is no base64.
    case invalidBase64(Base64Error)
    /// The object has two members of this name, escapes resolved.
    case duplicateMember(name: String)
    /// Arrays and objects are nested deeper than `JSONBodyLimits.depth`.
    case tooDeep(limit: Int)
    /// All members but the streamed one are together larger than `JSONBodyLimits.memberBytes`.
    case membersTooLarge(limit: Int)
}

/// The kinds of JSON values (RFC 8259 §3).
package enum JSONKind: String, Sendable {
    /// `{…}`
    case object = "an object"
    /// `[…]`
    case array = "an array"
    /// `"…"`
    case string = "a string"
    /// `-1.5e3`
    case number = "a number"
    /// `true` or `false`
    case boolean = "a boolean"
    /// `null`
    case null = "null"

    /// Tells the kind of a value by its first byte.
    init?(firstByte: UInt8) {
        switch firstByte {
        case UInt8(ascii: "{"): self = .object
        case UInt8(ascii: "["): self = .array
        case UInt8(ascii: "\""): self = .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .boolean
        case UInt8(ascii: "n"): self = .null
        default: return nil
        }
    }
}

/// A byte at which a body stops being JSON.
package struct InvalidJSON: Equatable, Sendable {
    /// What the grammar wants instead.
    package enum Expectation: String, Sendable {
        /// `{`, or any other value.
        case value = "a value"
        /// `"`
        case memberName = "a member name in quotes"
        /// `:`
        case colon = "a colon"
        /// `,` or the bracket that closes the array or object.
        case commaOrEnd = "a comma or a closing bracket"
        /// `0` to `9`
        case digit = "a digit"
        /// The rest of `true`, `false` or `null`.
        case literal = "true, false or null"
        /// Any character but a control character, which must be escaped.
        case unescapedCharacter = "no control character in a string"
        /// One of RFC 8259 §7's escapes.
        case escape = "an escape that JSON knows"
        /// Four hexadecimal digits after `\u`.
        case hexadecimalDigit = "a hexadecimal digit"
        /// A low surrogate's escape after a high one's, and nowhere else.
        case surrogatePair = "a complete surrogate pair"
        /// RFC 3629
        case utf8 = "valid UTF-8"
        /// Nothing but white space after the object.
        case endOfBody = "the end of the body"
    }

    /// What was expected.
    package var expected: Expectation
    /// The byte that was found.
    package var found: UInt8
    /// Where it was found.
    package var offset: Int

    /// Describes a fault.
    ///
    /// - Parameters:
    ///   - expected: What the grammar wants.
    ///   - found: The byte that stands there.
    ///   - offset: Where it stands in the body, from 0.
    package init(expected: Expectation, found: UInt8, offset: Int) {
        self.expected = expected
        self.found = found
        self.offset = offset
    }
}

extension JSONBodyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "The body is empty; a JSON object was expected."
        case .notAnObject(let found):
            "The body is \(found.rawValue); a JSON object was expected."
        case .invalidJSON(let fault):
            "The body is not valid JSON: \(fault.expected.rawValue) was expected at offset \(fault.offset), "
                + "the byte 0x\(String(fault.found, radix: 16, uppercase: true)) was found."
        case .truncated(let offset):
            "The body ends inside its JSON object, after \(offset) bytes."
        case .streamedMemberIsNotAString(let name, let found):
            "The member \"\(name)\" is \(found.rawValue); a string with base64 was expected."
        case .invalidBase64(let error):
            error.description
        case .duplicateMember(let name):
            "The member \"\(name.unicodeScalars.prefix(80).map { $0.escaped(asASCII: false) }.joined())\" "
                + "stands more than once in the JSON object."
        case .tooDeep(let limit):
            "The JSON is nested deeper than \(limit) levels."
        case .membersTooLarge(let limit):
            "The members of the JSON object, without the base64, are larger than \(limit) bytes."
        }
    }
}
