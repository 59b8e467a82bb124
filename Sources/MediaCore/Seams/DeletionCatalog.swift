package import XMedia

/// Erasing, in steps that can each be repeated: row marked, bytes unlinked, row gone.
package protocol DeletionCatalog: Sendable {
    /// Everything whose time has come is marked `deleting`, at most `limit`; returns how many.
    ///
    /// Takes each row exclusively and checks again that no post uses it.
    func markExpired(at now: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// The media is marked `deleting`, and posts no longer show it; false when there is none.
    /// - Parameters:
    ///   - owner: when given, only this user's media is marked.
    ///   - onlyUnfinished: when true, only an upload that was not finalized is marked.
    func markDeleting(_ id: MediaID, owner: UserID?, onlyUnfinished: Bool) async throws(StoreError) -> Bool

    /// Media marked `deleting` with all blobs that its rows name, by rising id, at most `limit` media.
    /// - Parameter last: only media with higher ids; nil for all.
    func deletions(after last: MediaID?, limit: Int) async throws(StoreError) -> [Deletion]

    /// The rows of those of the media that are marked `deleting` are gone, all at once; their blobs were deleted before.
    func finishDeletion(of ids: [MediaID]) async throws(StoreError)

    /// Attempts that no longer count, and attempts of media whose original is composed, in the order of media, index and
    /// generation, at most `limit`.
    /// - Parameter last: only attempts behind this one; nil for all.
    func discardableAttempts(after last: Segment?, limit: Int) async throws(StoreError) -> [Segment]

    /// These attempts are not given again, as far as they are discardable; their blobs were deleted before.
    ///
    /// Rows that do not count are gone. Counting rows of composed media stay, without their blob, as the record of which
    /// bytes of the original each segment was, until the media is erased.
    func forgetAttempts(_ names: [BlobName]) async throws(StoreError)

    /// Those of the names that a row names as the place of bytes (a segment's row whose attempt was discarded names none).
    func named(among names: [BlobName]) async throws(StoreError) -> Set<BlobName>

    /// Calls `visit` with everything that rows say is stored and must be there, in batches.
    func expectedBlobs(_ visit: ([BlobPart]) async throws -> Void) async throws
}

/// Media that is being erased.
package struct Deletion: Sendable, Equatable {
    /// The media.
    package let id: MediaID
    /// Its attempts, original and renditions.
    package let blobs: [BlobName]

    package init(id: MediaID, blobs: [BlobName]) {
        self.id = id
        self.blobs = blobs
    }
}
