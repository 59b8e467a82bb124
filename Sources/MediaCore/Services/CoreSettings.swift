package import MediaRules

/// The numbers that an operator can set and that the services share.
package struct CoreSettings: Sendable {
    /// The limits by which files are judged.
    package var rules: RuleBook
    /// How long an upload may stay open.
    ///
    /// 1295999 s at initialize, as the chunked upload guide shows
    /// (https://docs.x.com/x-api/media/quickstart/media-upload-chunked).
    package var uploadLifetime: Duration
    /// How long media lasts after finalize while no post uses it: 86400 s, as the same guide shows.
    package var mediaLifetime: Duration
    /// How long finalize waits for an image's outcome.
    package var finalizeWait: Duration
    /// Within this time the same author cannot post the same again.
    package var duplicateWindow: Duration
    /// New uploads are refused when fewer bytes than this can still be written.
    package var freeSpaceReserve: Int64
    /// The most bodies that are received at once, see ``Receptions``; some 80 KiB of memory and three open files each.
    package var receptionLimit = 1024
    /// Finalize is refused while this many jobs wait.
    package var jobQueueLimit: Int
    /// What one user may have.
    package var quota: UserQuota

    package init(
        rules: RuleBook, uploadLifetime: Duration = .seconds(1_295_999), mediaLifetime: Duration = .seconds(86_400),
        finalizeWait: Duration = .seconds(20), duplicateWindow: Duration = .seconds(15 * 60),
        freeSpaceReserve: Int64 = 256 << 20, jobQueueLimit: Int = 1000, quota: UserQuota = .unlimited
    ) {
        self.rules = rules
        self.uploadLifetime = uploadLifetime
        self.mediaLifetime = mediaLifetime
        self.finalizeWait = finalizeWait
        self.duplicateWindow = duplicateWindow
        self.freeSpaceReserve = freeSpaceReserve
        self.jobQueueLimit = jobQueueLimit
        self.quota = quota
    }
}
