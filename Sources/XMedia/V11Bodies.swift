/// An answer of `/1.1/media/upload.json`: the members stand at the top, and the id is a number with its text beside it.
///
/// https://developer.x.com/en/docs/x-api/v1/media/upload-media/api-reference/post-media-upload (read 2026-11-21)
public struct V11Media: Sendable, Encodable {
    private let data: UploadData

    /// Makes the body of what the v2 answer has in `data`.
    public init(_ data: UploadData) { self.data = data }

    enum CodingKeys: String, CodingKey {
        case size, image, video, original
        case id = "media_id"
        case idString = "media_id_string"
        case mediaKey = "media_key"
        case expiresAfterSecs = "expires_after_secs"
        case processingInfo = "processing_info"
    }

    /// Encodes the object.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(data.id.rawValue, forKey: .id)
        try container.encode(data.id, forKey: .idString)
        try container.encode(data.mediaKey, forKey: .mediaKey)
        try container.encodeIfPresent(data.size, forKey: .size)
        try container.encodeIfPresent(data.expiresAfterSecs, forKey: .expiresAfterSecs)
        try container.encodeIfPresent(data.image, forKey: .image)
        try container.encodeIfPresent(data.video, forKey: .video)
        try container.encodeIfPresent(data.processingInfo, forKey: .processingInfo)
        try container.encodeIfPresent(data.original, forKey: .original)
    }
}

/// A user as v1.1 answers show one.
public struct V11User: Sendable, Encodable {
    private let user: User

    /// Makes the body.
    public init(_ user: User) { self.user = user }

    enum CodingKeys: String, CodingKey {
        case id, name
        case idString = "id_str"
        case screenName = "screen_name"
    }

    /// Encodes the object.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(user.id.rawValue, forKey: .id)
        try container.encode(user.id, forKey: .idString)
        try container.encode(user.name, forKey: .name)
        try container.encode(user.username, forKey: .screenName)
    }
}

/// A post as v1.1 answers show one.
public struct V11Status: Sendable, Encodable {
    /// A medium of a post.
    public struct Media: Sendable, Encodable {
        private let media: XMedia.Media
        private let id: MediaID

        /// Makes the body.
        public init(_ media: XMedia.Media, id: MediaID) {
            self.media = media
            self.id = id
        }

        enum CodingKeys: String, CodingKey {
            case id, type
            case idString = "id_str"
            case mediaKey = "media_key"
            case url = "media_url"
            case httpsURL = "media_url_https"
        }

        /// Encodes the object.
        ///
        /// - Throws: what the encoder throws.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id.rawValue, forKey: .id)
            try container.encode(id, forKey: .idString)
            try container.encode(media.mediaKey, forKey: .mediaKey)
            try container.encode(media.type, forKey: .type)
            // For a video, v1.1 shows its picture here.
            let url = media.url ?? media.previewImageURL
            try container.encodeIfPresent(url, forKey: .url)
            try container.encodeIfPresent(url, forKey: .httpsURL)
        }
    }

    private struct Entities: Encodable {
        var hashtags: [String] = []
        var symbols: [String] = []
        var urls: [String] = []
        var user_mentions: [String] = []
        var media: [Media]?
    }

    private let id: PostID
    private let text: String
    private let createdAt: String
    private let user: V11User
    private let media: [Media]

    /// Makes the body.
    ///
    /// - Parameters:
    ///   - id: the post's id.
    ///   - text: the text, with the link to the media appended.
    ///   - createdAt: `Wed Oct 10 20:19:24 +0000 2018`.
    ///   - user: the author.
    ///   - media: the media, in order.
    public init(id: PostID, text: String, createdAt: String, user: User, media: [Media]) {
        self.id = id
        self.text = text
        self.createdAt = createdAt
        self.user = V11User(user)
        self.media = media
    }

    enum CodingKeys: String, CodingKey {
        case id, text, truncated, user, entities
        case createdAt = "created_at"
        case idString = "id_str"
        case extendedEntities = "extended_entities"
    }

    /// Encodes the object.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(id.rawValue, forKey: .id)
        try container.encode(id, forKey: .idString)
        try container.encode(text, forKey: .text)
        try container.encode(false, forKey: .truncated)
        try container.encode(user, forKey: .user)
        try container.encode(Entities(media: media.isEmpty ? nil : media), forKey: .entities)
        if !media.isEmpty { try container.encode(["media": media], forKey: .extendedEntities) }
    }
}
