package import MediaCore
package import XMedia

extension SQLCatalog: DeletionCatalog {
    package func markExpired(at now: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await write { session throws(SQLFailure) in
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
            for id in due { try session.markDeleting(id) }
            return due.count
        }
    }

    package func markDeleting(
        _ id: MediaID, owner: UserID?, onlyUnfinished: Bool
    ) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            guard let media = try session.media(id, lock: session.dialect.forUpdate),
                owner == nil || owner == media.ownerID,
                // An upload has a size from when it is finalized; one that is being deleted keeps it.
                !onlyUnfinished || media.size == nil
            else { return false }
            if media.state != .deleting { try session.markDeleting(id) }
            return true
        }
    }

    package func deletions(limit: Int) async throws(StoreError) -> [Deletion] {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT id, original FROM media WHERE state = 'deleting' ORDER BY id LIMIT ?", [max(0, limit)]
            ).map { row throws(SQLFailure) in
                var row = row
                let id = try row.id(MediaID.self)
                let original = try row.optionalBlob()
                let attempts = try session.blobs("SELECT blob FROM segments WHERE media_id = ? AND discarded = 0", [id])
                let renditions = try session.blobs(
                    "SELECT blob FROM renditions WHERE media_id = ? AND blob IS NOT NULL", [id])
                return Deletion(id: id, blobs: attempts + (original.map { [$0] } ?? []) + renditions)
            }
        }
    }

    package func finishDeletion(of id: MediaID) async throws(StoreError) {
        try await write { session throws(SQLFailure) in
            guard try session.media(id, lock: session.dialect.forUpdate)?.state == .deleting else { return }
            try session.execute("DELETE FROM renditions WHERE media_id = ?", [id])
            try session.execute("DELETE FROM segments WHERE media_id = ?", [id])
            try session.execute("DELETE FROM media WHERE id = ?", [id])
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

    /// Marks a media whose row is locked; without its job every lease on it is lost, and no post shows it any more.
    fileprivate func markDeleting(_ id: MediaID) throws(SQLFailure) {
        try execute("UPDATE media SET state = 'deleting', expected_end = NULL WHERE id = ?", [id])
        try execute("DELETE FROM post_media WHERE media_id = ?", [id])
        try execute("DELETE FROM jobs WHERE media_id = ?", [id])
    }
}
