package import XMedia

/// An upload and the media it becomes: one row of the catalog.
package struct MediaRecord: Sendable, Equatable {
    /// The id.
    package let id: MediaID
    /// The prefix of the media key; settled at initialize, never changed.
    package let mediaKeyPrefix: Int
    /// The uploader.
    package let ownerID: UserID
    /// Users who may read status and lookup and may post the media, besides the uploader.
    package let additionalOwners: [UserID]
    /// What it is for; nil until finalize when the client declared neither category nor type.
    package var category: MediaCategory?
    /// As declared; nil when it is to be found from the bytes.
    package let declaredType: MediaType?
    /// As declared; nil when the size is judged at finalize.
    package let declaredBytes: Int64?
    /// As declared; grants nothing.
    package let shared: Bool
    /// When it was initialized.
    package let createdAt: Timestamp
    /// When it expires; nil while a post uses it.
    package var expiresAt: Timestamp?
    /// Where it stands.
    package var state: UploadState
    /// Its bytes; nil before finalize.
    package var size: Int64?
    /// 0…100, never falls.
    package var progress: Int
    /// When processing is expected to end; nil when not known.
    package var expectedEnd: Timestamp?
    /// Why it failed; set when `state` is `failed`.
    package var failure: MediaFailure?
    /// What the bytes are; set when `state` is `succeeded`.
    package var facts: MediaFacts?
    /// The composed file; nil until a worker composed it.
    package var original: OriginalBlob?
    /// All metadata set so far.
    package var metadata: MediaMetadata
    /// Whether at least one post uses it.
    package var isPosted: Bool

    package init(
        id: MediaID, mediaKeyPrefix: Int, ownerID: UserID, additionalOwners: [UserID] = [],
        category: MediaCategory?, declaredType: MediaType?, declaredBytes: Int64?, shared: Bool = false,
        createdAt: Timestamp, expiresAt: Timestamp?, state: UploadState = .uploading, size: Int64? = nil,
        progress: Int = 0, expectedEnd: Timestamp? = nil, failure: MediaFailure? = nil, facts: MediaFacts? = nil,
        original: OriginalBlob? = nil, metadata: MediaMetadata = [:], isPosted: Bool = false
    ) {
        self.id = id
        self.mediaKeyPrefix = mediaKeyPrefix
        self.ownerID = ownerID
        self.additionalOwners = additionalOwners
        self.category = category
        self.declaredType = declaredType
        self.declaredBytes = declaredBytes
        self.shared = shared
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.state = state
        self.size = size
        self.progress = progress
        self.expectedEnd = expectedEnd
        self.failure = failure
        self.facts = facts
        self.original = original
        self.metadata = metadata
        self.isPosted = isPosted
    }

    /// The media key, `<prefix>_<id>`.
    package var mediaKey: MediaKey { MediaKey(prefix: mediaKeyPrefix, id: id) }

    /// Whether a user may read the status, the lookup and the bytes while they are not public, and may post the media.
    package func isReadable(by user: UserID) -> Bool { user == ownerID || additionalOwners.contains(user) }

    /// Whether its time has come.
    package func isExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Whether everybody may read its renditions: a post shows it, and it is not for direct messages.
    package var isPublic: Bool { isPosted && category?.isDirectMessage == false }
}

/// The original, composed into one blob.
package struct OriginalBlob: Sendable, Equatable {
    /// Where its bytes are.
    package let blob: BlobName
    /// SHA-256 of all bytes, 64 hexadecimal digits.
    package let sha256: String
    /// CRC-32C of all bytes.
    package let crc32c: UInt32

    package init(blob: BlobName, sha256: String, crc32c: UInt32) {
        self.blob = blob
        self.sha256 = sha256
        self.crc32c = crc32c
    }
}

/// What processing found the bytes to be.
package struct MediaFacts: Sendable, Equatable, Codable {
    /// What it is shown as; nil for subtitles.
    package var kind: Media.Kind?
    /// The type found in the bytes.
    package var mediaType: MediaType
    /// Width in pixels as displayed, after orientation or rotation; nil for subtitles.
    package var width: Int?
    /// Height in pixels as displayed; nil for subtitles.
    package var height: Int?
    /// Length in milliseconds, for videos and animated GIFs.
    package var durationMs: Int64?
    /// Placeholder of the picture (ThumbHash or BlurHash, base64).
    package var placeholder: String?

    package init(
        kind: Media.Kind?, mediaType: MediaType, width: Int? = nil, height: Int? = nil, durationMs: Int64? = nil,
        placeholder: String? = nil
    ) {
        self.kind = kind
        self.mediaType = mediaType
        self.width = width
        self.height = height
        self.durationMs = durationMs
        self.placeholder = placeholder
    }
}

/// Why media failed: what `processing_info.error` and the problem's `errors[]` say.
package struct MediaFailure: Sendable, Equatable, Codable {
    /// Code, name and one sentence.
    package var error: ProcessingInfo.Failure
    /// One entry for each broken rule.
    package var reasons: [Problem.Item]

    package init(error: ProcessingInfo.Failure, reasons: [Problem.Item]) {
        self.error = error
        self.reasons = reasons
    }

    /// The file breaks rules.
    package static func invalidMedia(_ reasons: [Problem.Item]) -> MediaFailure {
        MediaFailure(
            error: .init(code: 1, name: "InvalidMedia", message: reasons.first?.message ?? "file is invalid"),
            reasons: reasons)
    }

    /// The file's kind is none that is processed.
    package static func unsupportedMedia(_ reasons: [Problem.Item]) -> MediaFailure {
        MediaFailure(
            error: .init(
                code: 3, name: "UnsupportedMedia", message: reasons.first?.message ?? "file is currently unsupported"),
            reasons: reasons)
    }

    /// The stored bytes are not those that were received, or the server could not process them.
    package static func internalError(_ message: String) -> MediaFailure {
        MediaFailure(error: .init(code: 2, name: "InternalError", message: message), reasons: [])
    }
}

extension MediaRecord {
    /// Whether finalize waits for the outcome: for all but videos and GIFs of the GIF categories, which X processes
    /// asynchronously (https://docs.x.com/x-api/media/quickstart/media-upload-chunked).
    package var isAnsweredAtOnce: Bool {
        switch category?.mediaClass {
        case .image, .subtitles, nil: true
        case .gif, .video: false
        }
    }

    /// The job that finalize queues.
    package var foregroundJob: JobKind { isAnsweredAtOnce ? .judge : .judgeVideo }
}
