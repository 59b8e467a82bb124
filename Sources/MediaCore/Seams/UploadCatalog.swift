package import MediaRules
package import XMedia

/// Uploads from initialize to finalize.
package protocol UploadCatalog: Sendable {
    /// The upload is in the catalog, in state `uploading`, and counts for its owner's quota.
    ///
    /// - Parameters:
    ///   - quota: what the owner may have; an upload that exceeds it is not there.
    ///   - claim: the key under which this happens once; nil for no key.
    func create(
        _ upload: MediaRecord, quota: UserQuota, claim: IdempotencyClaim?
    ) async throws(StoreError) -> CreateUploadOutcome

    /// The row as it is now; nil when there is none. Rows in state `deleting` are given as such.
    func media(_ id: MediaID) async throws(StoreError) -> MediaRecord?

    /// The row, and for an open upload its counting segments, both of the same moment.
    func upload(_ id: MediaID) async throws(StoreError) -> (media: MediaRecord, segments: [Segment])?

    /// The counting segments (the highest generation of each index), ordered by index.
    ///
    /// After finalize these are the manifest and never change; once the original is composed, their blobs may be gone.
    func segments(of id: MediaID) async throws(StoreError) -> [Segment]

    /// The attempt counts from now on, in place of every earlier attempt of its index, unless the upload is closed.
    ///
    /// Takes the upload's row shared and checks its state again: a finalize or an expiry that committed before wins.
    /// With a quota of bytes it takes the row exclusively: the attempts of an upload are then added up.
    func commitSegment(
        _ attempt: NewSegment, quota: UserQuota, at now: Timestamp
    ) async throws(StoreError) -> SegmentCommit

    /// The state moves to `pending` with the counting segments frozen and a `judge` job queued, if all segments are there.
    ///
    /// Takes the upload's row exclusively. A closed upload is answered with the row as it is, without a second job.
    ///
    /// - Parameters:
    ///   - category: replaces a category that was not declared.
    ///   - expiresAt: when the media expires from now on.
    ///   - rules: the limits by which ``SegmentManifest`` judges count and size.
    ///   - queueLimit: nothing happens while so many jobs for which clients wait are not leased.
    ///   - quota: what the owner may have waiting.
    func finalize(
        _ id: MediaID, category: MediaCategory?, at now: Timestamp, expiresAt: Timestamp, rules: RuleBook,
        queueLimit: Int, quota: UserQuota
    ) async throws(StoreError) -> FinalizeOutcome

    /// The upload is in the catalog as if created, its only segment committed, and finalized, all at once; of one that is
    /// not closed nothing is there.
    ///
    /// - Parameters:
    ///   - upload: in state `uploading`, with the category and the moment of expiry that it shall have.
    ///   - segment: of index 0.
    ///   - queueLimit: nothing happens while so many jobs for which clients wait are not leased.
    ///   - quota: what the owner may have.
    func createClosed(
        _ upload: MediaRecord, segment: NewSegment, at now: Timestamp, rules: RuleBook, queueLimit: Int,
        quota: UserQuota
    ) async throws(StoreError) -> FinalizeOutcome

    /// The bytes that count for a user's quota.
    func storedBytes(of user: UserID) async throws(StoreError) -> Int64

    /// How many uploads are in state `uploading`.
    func openUploadCount() async throws(StoreError) -> Int
}

/// What became of an upload that was to be made.
package enum CreateUploadOutcome: Sendable, Equatable {
    /// It is there.
    case created
    /// The request was made before.
    case answeredBefore(EarlierAnswer)
    /// The owner may not have so much.
    case overQuota(UserQuota.Excess)
}

/// An attempt whose bytes are durable and whose row is to be committed.
package struct NewSegment: Sendable, Equatable {
    /// The upload.
    package let mediaID: MediaID
    /// The index as the client gave it, within the limits.
    package let index: Int
    /// Where the bytes are.
    package let blob: BlobName
    /// Length and CRC-32C.
    package let stored: StoredBlob

    package init(mediaID: MediaID, index: Int, blob: BlobName, stored: StoredBlob) {
        self.mediaID = mediaID
        self.index = index
        self.blob = blob
        self.stored = stored
    }
}

/// What became of an attempt.
package enum SegmentCommit: Sendable, Equatable {
    /// It counts. Earlier attempts of the index, no longer counting, are to be deleted by their rows.
    case committed(MediaRecord, superseded: [BlobName])
    /// The upload is closed; `counting` is the attempt of this index in the manifest, nil when the index is not in it.
    case closed(MediaRecord, counting: Segment?)
    /// There is no such upload, or it has expired or is being deleted.
    case gone
    /// The owner may not store so much; the attempt has no row.
    case overQuota(UserQuota.Excess)
}

/// What finalize did.
package enum FinalizeOutcome: Sendable, Equatable {
    /// The upload is closed, by this call or by one before.
    case closed(MediaRecord, byThisCall: Bool)
    /// It stays open; this is missing.
    case incomplete(MediaRecord, SegmentManifest.Fault)
    /// It stays open, because too many jobs wait.
    case overloaded
    /// It stays open; too much of the owner waits.
    case overQuota(UserQuota.Excess)
    /// There is no such upload, or it has expired or is being deleted.
    case gone
}
