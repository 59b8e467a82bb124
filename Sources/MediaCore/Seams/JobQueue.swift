/// The processing runs that are to be done.
///
/// Every method that publishes carries the lease's token and changes nothing when the lease was lost meanwhile.
package protocol JobQueue: Sendable {
    /// The oldest job of these kinds that nobody holds, or whose lease has run out, belongs to the caller until then.
    ///
    /// A foreground job moves its media to `inProgress`. A lease that ran out counts as an interruption.
    /// - Parameters:
    ///   - token: a new random token.
    ///   - until: when the lease runs out unless it is renewed.
    func lease(_ kinds: [JobKind], token: String, at now: Timestamp, until: Timestamp) async throws(StoreError) -> Job?

    /// The lease lasts longer and the progress is stored, if it is higher than before; false when the lease was lost
    /// or the media is being deleted.
    func renew(_ job: Job, progress: Int, expectedEnd: Timestamp?, until: Timestamp) async throws(StoreError) -> Bool

    /// The original is the composed blob from now on; false when the lease was lost.
    ///
    /// The attempts stay in the catalog until they were deleted, see ``DeletionCatalog``.
    func recordOriginal(_ original: OriginalBlob, for job: Job) async throws(StoreError) -> Bool

    /// The job is done and its result is there: facts, renditions, state `succeeded`, a `renditions` job if asked for.
    ///
    /// For a `renditions` job only the renditions are added (`facts` is nil). False when the lease was lost.
    ///
    /// - Parameter original: recorded with it as ``recordOriginal(_:for:)`` does; nil when it was recorded before.
    func succeed(
        _ job: Job, original: OriginalBlob?, facts: MediaFacts?, renditions: [Rendition], followUp: JobKind?,
        at now: Timestamp
    ) async throws(StoreError) -> Bool

    /// The job is done without a result. A foreground job moves its media to `failed`; a `renditions` job leaves it.
    /// False when the lease was lost.
    func fail(_ job: Job, failure: MediaFailure, at now: Timestamp) async throws(StoreError) -> Bool

    /// The job is free again, with one strike or one interruption more, and is not leased before a moment. A foreground
    /// job's media goes back to `pending`. False when the lease was lost.
    ///
    /// - Parameter notBefore: a job that cannot be done now must not keep the ones behind it waiting; nil for at once.
    func handBack(_ job: Job, asStrike: Bool, notBefore: Timestamp?) async throws(StoreError) -> Bool

    /// Every lease is void, each counted as an interruption; for a start that is proven to be alone.
    func freeAllLeases() async throws(StoreError)

    /// How many jobs there are by kind and state (`queued`, `leased`).
    func jobCounts() async throws(StoreError) -> [JobCount]
}

extension JobQueue {
    /// The job is done and its result is there; its original was recorded before.
    package func succeed(
        _ job: Job, facts: MediaFacts?, renditions: [Rendition], followUp: JobKind?, at now: Timestamp
    ) async throws(StoreError) -> Bool {
        try await succeed(
            job, original: nil, facts: facts, renditions: renditions, followUp: followUp, at: now)
    }
}

/// A number of jobs.
package struct JobCount: Sendable, Equatable {
    /// Their kind.
    package let kind: JobKind
    /// Whether somebody holds them.
    package let isLeased: Bool
    /// How many.
    package let count: Int

    package init(kind: JobKind, isLeased: Bool, count: Int) {
        self.kind = kind
        self.isLeased = isLeased
        self.count = count
    }
}
