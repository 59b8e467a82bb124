package import XMedia

/// What a job does.
package enum JobKind: String, Sendable, CaseIterable, Codable {
    /// Foreground: composes the original, judges it and makes what the client waits for.
    case judge
    /// Background: the other heights and HLS; its failure never takes back `succeeded`.
    case renditions
}

/// One processing run, held by a lease; unique per media and kind.
package struct Job: Sendable, Equatable {
    /// The media to process.
    package let mediaID: MediaID
    /// What to do.
    package let kind: JobKind
    /// Proof of the lease; every statement that publishes a result carries it.
    package let leaseToken: String
    /// How often the sandboxed decoder died, hung or hit a limit; three are final.
    package let strikes: Int
    /// How often a server or worker died with the job; only put back, never failed.
    package let interruptions: Int
    /// When it was queued.
    package let queuedAt: Timestamp

    package init(
        mediaID: MediaID, kind: JobKind, leaseToken: String, strikes: Int, interruptions: Int, queuedAt: Timestamp
    ) {
        self.mediaID = mediaID
        self.kind = kind
        self.leaseToken = leaseToken
        self.strikes = strikes
        self.interruptions = interruptions
        self.queuedAt = queuedAt
    }
}
