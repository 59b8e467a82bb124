/// A numeric id of X's API: a decimal string of 1 to 19 digits on the wire, 64 bits in memory.
///
/// X: "returned as a string in order to avoid complications with languages and tools that cannot handle large
/// integers", pattern `^[0-9]{1,19}$` (https://docs.x.com/x-api/media/upload-media).
public protocol WireIdentifier: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible
where RawValue == UInt64 {
    /// Makes the id of a number.
    init(rawValue: UInt64)
}

extension WireIdentifier {
    /// Reads a decimal string of 1 to 19 digits; nil for everything else.
    public init?(_ text: some StringProtocol) { self.init(String(text)) }

    /// Reads a decimal string of 1 to 19 digits; nil for everything else.
    public init?(_ text: String) {
        guard (1...19).contains(text.utf8.count) else { return nil }
        // 19 digits are less than 2⁶⁴.
        var value: UInt64 = 0
        for byte in text.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        self.init(rawValue: value)
    }

    /// The decimal form used on the wire.
    public var description: String { String(rawValue) }

    /// Orders ids by number; snowflakes are therefore ordered by time.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Decodes the decimal string.
    ///
    /// - Throws: `DecodingError.dataCorrupted` when the string has another form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is no id of 1 to 19 digits")
        }
        self = value
    }

    /// Encodes the decimal string.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The id of an upload and of the media it becomes (`media_id`).
public struct MediaID: WireIdentifier {
    /// The number.
    public let rawValue: UInt64
    /// Makes the id of a number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The id of a user.
public struct UserID: WireIdentifier {
    /// The number.
    public let rawValue: UInt64
    /// Makes the id of a number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The id of a post.
public struct PostID: WireIdentifier {
    /// The number.
    public let rawValue: UInt64
    /// Makes the id of a number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}
