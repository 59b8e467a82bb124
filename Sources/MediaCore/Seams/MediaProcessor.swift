package import MediaRules
package import XMedia

/// Looks at one original, judges it and makes renditions; knows nothing of HTTP or rows.
///
/// Cancellation stops the decoders and returns soon. Every file it makes lies in the task's scratch folder.
package protocol MediaProcessor: Sendable {
    /// The file is judged by the rules and everything that the client waits for is made.
    ///
    /// - Parameter progress: called with 0…100 and the expected remaining time, from any thread.
    func judge(_ task: ProcessingTask, progress: @escaping ProgressReport) async throws(ProcessingError)
        -> ProcessedMedia

    /// What comes later is made: the other heights and HLS.
    func makeRenditions(_ task: ProcessingTask, progress: @escaping ProgressReport) async throws(ProcessingError)
        -> [ProducedRendition]
}

/// Reports progress in percent, and the expected remaining time when it is known.
package typealias ProgressReport = @Sendable (_ percent: Int, _ remaining: Duration?) -> Void

/// One original to process.
package struct ProcessingTask: Sendable {
    /// The media, for logs.
    package let mediaID: MediaID
    /// The original's local path; only read.
    package let original: String
    /// Its bytes.
    package let size: Int64
    /// What it is for.
    package let category: MediaCategory
    /// As the client declared it; nil when it is to be found from the bytes.
    package let declaredType: MediaType?
    /// An empty local folder for outputs; the caller removes it.
    package let scratch: String

    package init(
        mediaID: MediaID, original: String, size: Int64, category: MediaCategory, declaredType: MediaType?,
        scratch: String
    ) {
        self.mediaID = mediaID
        self.original = original
        self.size = size
        self.category = category
        self.declaredType = declaredType
        self.scratch = scratch
    }
}

/// What `judge` brings.
package struct ProcessedMedia: Sendable {
    /// What the bytes are.
    package let facts: MediaFacts
    /// The files made.
    package let renditions: [ProducedRendition]
    /// Whether ``MediaProcessor/makeRenditions(_:progress:)`` has more to make.
    package let hasBackgroundWork: Bool

    package init(facts: MediaFacts, renditions: [ProducedRendition], hasBackgroundWork: Bool) {
        self.facts = facts
        self.renditions = renditions
        self.hasBackgroundWork = hasBackgroundWork
    }
}

/// A file that processing made.
package struct ProducedRendition: Sendable {
    /// What it is for.
    package let role: Rendition.Role
    /// Its path in the scratch folder; nil for a master playlist.
    package let path: String?
    /// The content type, `image/jpeg` or `video/mp4` for example.
    package let contentType: String
    /// Width in pixels; nil for a master playlist.
    package let width: Int?
    /// Height in pixels; nil for a master playlist.
    package let height: Int?
    /// Bits per second; nil for pictures.
    package let bitRate: Int64?
    /// The segments of an HLS stream.
    package let hls: HLSStream?

    package init(
        role: Rendition.Role, path: String?, contentType: String, width: Int? = nil, height: Int? = nil,
        bitRate: Int64? = nil, hls: HLSStream? = nil
    ) {
        self.role = role
        self.path = path
        self.contentType = contentType
        self.width = width
        self.height = height
        self.bitRate = bitRate
        self.hls = hls
    }
}

/// Why processing brought nothing.
package enum ProcessingError: Error, Sendable {
    /// The file breaks rules; final.
    case refused([BrokenRule])
    /// The file is of a kind that is not processed, or not the declared one; final.
    case unsupported([BrokenRule])
    /// The sandboxed decoder died, hung or hit a limit: a strike. The text is one sentence for the owner.
    case decoderFailed(String)
    /// Our own machinery is missing or failing: the job is put back. The text is for the log.
    case unavailable(String)
    /// The task was cancelled.
    case cancelled
}
