/// The body of `POST /2/media/metadata`.
///
/// https://docs.x.com/x-api/media/create-media-metadata
public struct MetadataRequest: Hashable, Sendable, Codable {
    /// The media.
    public var id: MediaID
    /// The members to set; those that are absent stay as they are.
    public var metadata: MediaMetadata?

    /// Makes the body.
    public init(id: MediaID, metadata: MediaMetadata?) {
        self.id = id
        self.metadata = metadata
    }
}

/// The members of a media's metadata, each with the shape that ``Schema/metadata`` states.
///
/// They are kept as JSON because the server stores and returns them as they came.
public typealias MediaMetadata = [String: JSONValue]

/// The `data` of a metadata answer.
public struct MetadataData: Hashable, Sendable, Codable {
    /// The media.
    public var id: MediaID
    /// All members as they are stored now.
    public var associatedMetadata: MediaMetadata

    /// Makes the object.
    public init(id: MediaID, associatedMetadata: MediaMetadata) {
        self.id = id
        self.associatedMetadata = associatedMetadata
    }

    enum CodingKeys: String, CodingKey {
        case id
        case associatedMetadata = "associated_metadata"
    }
}

extension [String: JSONValue] {
    /// The alternative text, up to 1000 characters; nil when none is set.
    public var altText: String? { self["alt_text"]?["text"]?.stringValue }
}
