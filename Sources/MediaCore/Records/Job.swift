package import XMedia

/// What a job does.
package enum JobKind: String, Sendable, CaseIterable, Codable {
    /// Foreground: composes an image or subtitles, judges them and makes what finalize waits for.
    case judge
    /// Foreground: the same for a video or GIF, whose client asks for the status; it may take minutes.
    case judgeVideo = "judge_video"
    /// Background: the other heights and HLS; its failure never takes back `succeeded`.
    case renditions

    /// The kinds that move the state of their media.
    package static let foreground: [JobKind] = [.judge, .judgeVideo]

    /// Whether a client waits for the outcome.
    package var isForeground: Bool { self != .renditions }
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
