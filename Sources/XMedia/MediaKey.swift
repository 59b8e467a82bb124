/// The key by which media is looked up: `<prefix>_<media id>`, for example `3_1900544781383569409`.
///
/// Pattern `^([0-9]+)_([0-9]+)$` (https://docs.x.com/x-api/media/get-media-by-media-key).
public struct MediaKey: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The number before the underscore, see ``MediaCategory/mediaKeyPrefix``.
    public let prefix: Int
    /// The media's id.
    public let id: MediaID

    /// Makes a key of its two parts.
    public init(prefix: Int, id: MediaID) {
        self.prefix = prefix
        self.id = id
    }

    /// Reads the wire form; nil for everything that does not match the pattern.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let prefix = Int(parts[0]),
            let id = MediaID(parts[1])
        else { return nil }
        self.init(prefix: prefix, id: id)
    }

    /// The wire form.
    public var description: String { "\(prefix)_\(id)" }

    /// Decodes the wire form.
    ///
    /// - Throws: `DecodingError.dataCorrupted` when the string has another form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let key = MediaKey(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no media key")
        }
        self = key
    }

    /// Encodes the wire form.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
