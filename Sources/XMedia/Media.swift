/// Media as the lookup shows it.
///
/// https://docs.x.com/x-api/media/get-media-by-media-key
public struct Media: Hashable, Sendable, Codable {
    /// What the media is shown as.
    public enum Kind: String, Sendable, Codable {
        case photo
        case video
        case animatedGIF = "animated_gif"
    }

    /// One way to play a video.
    public struct Variant: Hashable, Sendable, Codable {
        /// Bits per second; absent for a playlist.
        public var bitRate: Int64?
        /// `video/mp4` or `application/x-mpegURL`.
        public var contentType: String
        /// Where it is served.
        public var url: String

        /// Makes the object.
        public init(bitRate: Int64?, contentType: String, url: String) {
            self.bitRate = bitRate
            self.contentType = contentType
            self.url = url
        }

        enum CodingKeys: String, CodingKey {
            case bitRate = "bit_rate"
            case contentType = "content_type"
            case url
        }
    }

    /// Everything that `media.fields` can name and Roost answers.
    public enum Field: String, Sendable, CaseIterable {
        case altText = "alt_text"
        case durationMs = "duration_ms"
        case height
        case mediaKey = "media_key"
        case nonPublicMetrics = "non_public_metrics"
        case organicMetrics = "organic_metrics"
        case previewImageURL = "preview_image_url"
        case promotedMetrics = "promoted_metrics"
        case publicMetrics = "public_metrics"
        case type
        case url
        case variants
        case width
        /// Roost's own: the original's address, size and digest, shown to the uploader only.
        case original
        /// Roost's own: all stored metadata, shown to the uploader only.
        case metadata
        /// Roost's own: the BlurHash or ThumbHash of the picture.
        case placeholder

        /// What is answered when `media.fields` is absent.
        public static let defaults: Set<Field> = [.mediaKey, .type]
    }

    /// The key.
    public var mediaKey: MediaKey
    /// What the media is shown as.
    public var type: Kind
    /// Where the photo is served; absent for videos and animated GIFs.
    public var url: String?
    /// Width in pixels, as displayed.
    public var width: Int?
    /// Height in pixels, as displayed.
    public var height: Int?
    /// Length in milliseconds, for videos.
    public var durationMs: Int64?
    /// The poster, for videos and animated GIFs.
    public var previewImageURL: String?
    /// The alternative text.
    public var altText: String?
    /// The ways to play it, for videos and animated GIFs.
    public var variants: [Variant]?
    /// The original, for its uploader.
    public var original: UploadData.Original?
    /// All stored metadata, for the uploader.
    public var metadata: MediaMetadata?
    /// The placeholder to paint before the picture is there, base64.
    public var placeholder: String?

    /// Makes the object.
    public init(mediaKey: MediaKey, type: Kind) {
        self.mediaKey = mediaKey
        self.type = type
    }

    enum CodingKeys: String, CodingKey {
        case type, url, width, height, variants, original, metadata, placeholder
        case mediaKey = "media_key"
        case durationMs = "duration_ms"
        case previewImageURL = "preview_image_url"
        case altText = "alt_text"
    }
}

/// What the expansions of an answer brought.
public struct Includes: Hashable, Sendable, Codable {
    /// The media of the posts.
    public var media: [Media]?

    /// Makes the object.
    public init(media: [Media]? = nil) { self.media = media }
}
