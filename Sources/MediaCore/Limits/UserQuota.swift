/// What one user may have at a time; nil for no limit.
///
/// Counted by the catalog, in the transactions that change what is counted.
package struct UserQuota: Sendable, Equatable {
    /// Bytes of uploads and media.
    ///
    /// Reserved from initialize on: `total_bytes`, else a first step; an upload that gets more than it reserved takes
    /// further steps. From finalize on they are the file's bytes, until it is erased. What the server makes of a file, its
    /// renditions, does not count.
    package var bytes: Int64?
    /// Uploads that are not finalized.
    package var openUploads: Int?
    /// Finalized media that wait for processing: the user's share of the queue.
    package var waitingJobs: Int?

    package init(bytes: Int64? = nil, openUploads: Int? = nil, waitingJobs: Int? = nil) {
        self.bytes = bytes
        self.openUploads = openUploads
        self.waitingJobs = waitingJobs
    }

    /// No limit at all.
    package static let unlimited = UserQuota()

    /// What an upload reserves at a time when it has not declared its size: 64 MiB.
    package static let step: Int64 = 64 << 20

    /// The limit that a request would exceed.
    package enum Excess: Sendable, Equatable {
        /// So many bytes are taken, so many more were asked for.
        case bytes(taken: Int64, asked: Int64, limit: Int64)
        /// So many uploads may be open, and are.
        case openUploads(limit: Int)
        /// So many media may wait, and do.
        case waitingJobs(limit: Int)
    }
}
