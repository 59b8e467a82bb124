/// The body of `POST /2/media/upload/initialize`; every member is optional.
///
/// https://docs.x.com/x-api/media/initialize-media-upload
public struct InitializeRequest: Hashable, Sendable, Codable {
    /// What the upload is for; defaults by ``mediaType``.
    public var mediaCategory: MediaCategory?
    /// The declared type; found from the bytes when absent.
    public var mediaType: MediaType?
    /// 0…17179869184; absent or 0 means that the size is judged at finalize.
    public var totalBytes: Int64?
    /// Stored and returned.
    public var shared: Bool?
    /// Users who may read the status and post the media besides the uploader.
    public var additionalOwners: [UserID]?

    /// Makes the body.
    public init(
        mediaCategory: MediaCategory? = nil, mediaType: MediaType? = nil, totalBytes: Int64? = nil,
        shared: Bool? = nil, additionalOwners: [UserID]? = nil
    ) {
        self.mediaCategory = mediaCategory
        self.mediaType = mediaType
        self.totalBytes = totalBytes
        self.shared = shared
        self.additionalOwners = additionalOwners
    }

    enum CodingKeys: String, CodingKey {
        case mediaCategory = "media_category"
        case mediaType = "media_type"
        case totalBytes = "total_bytes"
        case shared
        case additionalOwners = "additional_owners"
    }
}

/// The envelope of every answer with data: `{"data": …, "errors": […]}`.
public struct DataEnvelope<Value: Codable & Sendable>: Sendable, Codable {
    /// What was asked for; absent when nothing of it was found.
    public var data: Value?
    /// Users, media or posts that the data refers to, when an expansion asked for them.
    public var includes: Includes?
    /// What of the request could not be answered, or why processing failed.
    public var errors: [Problem]?
    /// Paging.
    public var meta: PageMeta?

    /// Makes the envelope.
    public init(data: Value?, includes: Includes? = nil, errors: [Problem]? = nil, meta: PageMeta? = nil) {
        self.data = data
        self.includes = includes
        self.errors = errors
        self.meta = meta
    }
}

/// The `data` of initialize, finalize, one-shot and status answers.
///
/// https://docs.x.com/x-api/media/get-media-upload-status
public struct UploadData: Hashable, Sendable, Codable {
    /// An image as the upload answers show it.
    public struct Image: Hashable, Sendable, Codable {
        /// The type found in the bytes, `image/jpeg` for example.
        public var imageType: String
        /// Width in pixels, as displayed.
        public var width: Int
        /// Height in pixels, as displayed.
        public var height: Int

        /// Makes the object.
        public init(imageType: String, width: Int, height: Int) {
            self.imageType = imageType
            self.width = width
            self.height = height
        }

        enum CodingKeys: String, CodingKey {
            case imageType = "image_type"
            case width = "w"
            case height = "h"
        }
    }

    /// A video as the upload answers show it.
    public struct Video: Hashable, Sendable, Codable {
        /// The type found in the bytes, `video/mp4` for example.
        public var videoType: String

        /// Makes the object.
        public init(videoType: String) { self.videoType = videoType }

        enum CodingKeys: String, CodingKey { case videoType = "video_type" }
    }

    /// A received segment; Roost's own member, so that a client can resume after losing its state.
    public struct Segment: Hashable, Sendable, Codable {
        /// The segment's index.
        public var index: Int
        /// The segment's bytes.
        public var size: Int64
        /// CRC-32C of the bytes, eight hexadecimal digits.
        public var crc32c: String

        /// Makes the object.
        public init(index: Int, size: Int64, crc32c: String) {
            self.index = index
            self.size = size
            self.crc32c = crc32c
        }
    }

    /// The file as it was uploaded; Roost's own member, shown to the uploader only.
    public struct Original: Hashable, Sendable, Codable {
        /// Where to read it, with the uploader's token.
        public var url: String
        /// Its bytes.
        public var size: Int64
        /// SHA-256 of the bytes, 64 hexadecimal digits.
        public var sha256: String

        /// Makes the object.
        public init(url: String, size: Int64, sha256: String) {
            self.url = url
            self.size = size
            self.sha256 = sha256
        }
    }

    /// The media's id.
    public var id: MediaID
    /// The media's key.
    public var mediaKey: MediaKey
    /// The bytes received; absent before finalize.
    public var size: Int64?
    /// Seconds until the upload or the media expires; absent when it does not.
    public var expiresAfterSecs: Int?
    /// Present when the media is an image.
    public var image: Image?
    /// Present when the media is a video.
    public var video: Video?
    /// Absent when the media was ready at once.
    public var processingInfo: ProcessingInfo?
    /// As given at initialize.
    public var shared: Bool?
    /// The received segments, before finalize.
    public var segments: [Segment]?
    /// The original, once it is composed.
    public var original: Original?

    /// Makes the object.
    public init(id: MediaID, mediaKey: MediaKey) {
        self.id = id
        self.mediaKey = mediaKey
    }

    enum CodingKeys: String, CodingKey {
        case id, size, image, video, shared, segments, original
        case mediaKey = "media_key"
        case expiresAfterSecs = "expires_after_secs"
        case processingInfo = "processing_info"
    }
}

/// The `data` of an append answer.
public struct AppendData: Hashable, Sendable, Codable {
    /// When the upload expires, in seconds since 1970.
    public var expiresAt: Int64

    /// Makes the object.
    public init(expiresAt: Int64) { self.expiresAt = expiresAt }

    enum CodingKeys: String, CodingKey { case expiresAt = "expires_at" }
}

/// The `data` of an answer to a deletion.
public struct DeletedData: Hashable, Sendable, Codable {
    /// Always true.
    public var deleted: Bool

    /// Makes the object.
    public init(deleted: Bool = true) { self.deleted = deleted }
}
