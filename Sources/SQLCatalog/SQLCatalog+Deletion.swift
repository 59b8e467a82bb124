package import MediaCore
package import XMedia

extension SQLCatalog: DeletionCatalog {
    package func markExpired(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await writeDeleting { session throws(SQLFailure) in
            // A post that is being created locks the media's row and takes its time of expiry away: either it has
            // committed and the row is not found here, or it waits and finds the media deleting.
            let due = try session.query(
                """
                SELECT id FROM media WHERE expires_at <= ? AND state <> 'deleting'
                    AND \(MediaRecord.anyPost) IS NULL
                ORDER BY expires_at LIMIT ? \(session.dialect.forUpdateSkipLocked)
                """, [now, max(0, limit)]
            ).map { row throws(SQLFailure) in
                var row = row
                return try row.id(MediaID.self)
            }
            try session.markDeleting(due)
            return due.count
        }
    }

    package func markDeleting(
        _ id: MediaID, owner: UserID?, onlyUnfinished: Bool
    ) async throws(StoreError) -> Bool {
        try await writeDeleting { session throws(SQLFailure) in
            guard let media = try session.media(id, lock: session.dialect.forUpdate),
                owner == nil || owner == media.ownerID,
                // An upload has a size from when it is finalized; one that is being deleted keeps it.
                !onlyUnfinished || media.size == nil
            else { return false }
            if media.state != .deleting { try session.markDeleting([id]) }
            return true
        }
    }

    package func deletions(after last: MediaID?, limit: Int) async throws(StoreError) -> [Deletion] {
        // Ids are signed in the catalog: no media has one as low as this.
        let last = last ?? MediaID(rawValue: UInt64(bitPattern: .min))
        return try await read { session throws(SQLFailure) in
            let media = try session.query(
                "SELECT id, original FROM media WHERE state = 'deleting' AND id > ? ORDER BY id LIMIT ?",
                [last, max(0, limit)]
            ).map { row throws(SQLFailure) in
                var row = row
                return (id: try row.id(MediaID.self), original: try row.optionalBlob())
            }
            var blobs: [MediaID: [BlobName]] = [:]
            for batch in media.batches() {
                let list = SQLList(batch.map(\.id))
                for select in [
                    "SELECT blob FROM segments WHERE media_id IN \(list.placeholders) AND discarded = 0",
                    "SELECT blob FROM renditions WHERE media_id IN \(list.placeholders) AND blob IS NOT NULL",
                ] {
                    for blob in try session.blobs(select, list.values) { blobs[blob.mediaID, default: []].append(blob) }
                }
            }
            return media.map {
                Deletion(id: $0.id, blobs: ($0.original.map { [$0] } ?? []) + blobs[$0.id, default: []])
            }
        }
    }

    package func finishDeletion(of ids: [MediaID]) async throws(StoreError) {
        // By rising id: two that erase the same media wait one for the other, and never each for the other.
        let ids = ids.sorted()
        try await writeDeleting { session throws(SQLFailure) in
            var reserved: [UserID: Int64] = [:]
            for batch in ids.batches() {
                let list = SQLList(batch)
                let marked = try session.query(
                    """
                    SELECT id, owner_id, reserved_bytes FROM media WHERE id IN \(list.placeholders) AND state = 'deleting'
                    ORDER BY id \(session.dialect.forUpdate)
                    """, list.values
                ).map { row throws(SQLFailure) in
                    var row = row
                    let id = try row.id(MediaID.self)
                    reserved[try row.id(UserID.self), default: 0] += try row.integer()
                    return id
                }
                if marked.isEmpty { continue }
                let rows = SQLList(marked)
                try session.execute("DELETE FROM renditions WHERE media_id IN \(rows.placeholders)", rows.values)
                try session.execute("DELETE FROM segments WHERE media_id IN \(rows.placeholders)", rows.values)
                try session.execute("DELETE FROM media WHERE id IN \(rows.placeholders)", rows.values)
            }
            // The last rows that are locked, these by rising id too.
            for (owner, bytes) in reserved.sorted(by: { $0.key < $1.key }) {
                try session.release(bytes, of: owner)
            }
        }
    }
}

extension SQLSession {
    /// The names of blobs that a statement answers in one column.
    func blobs(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [BlobName] {
        try query(sql, values).map { row throws(SQLFailure) in
            var row = row
            return try row.blob()
        }
    }

    /// Marks media whose rows are locked; without their jobs every lease on them is lost, and no post shows them any more.
    fileprivate func markDeleting(_ ids: [MediaID]) throws(SQLFailure) {
        for batch in ids.batches() {
            let list = SQLList(batch)
            try execute(
                "UPDATE media SET state = 'deleting', expected_end = NULL WHERE id IN \(list.placeholders)", list.values
            )
            try execute("DELETE FROM post_media WHERE media_id IN \(list.placeholders)", list.values)
            try execute("DELETE FROM jobs WHERE media_id IN \(list.placeholders)", list.values)
        }
    }
}
