package import MediaCore
package import XMedia

extension SQLCatalog: MediaCatalog {
    package func media(_ ids: [MediaID]) async throws(StoreError) -> [MediaRecord] {
        try await read { session throws(SQLFailure) in
            try session.media(Array(Set(ids))).filter { $0.state != .deleting }
        }
    }

    package func renditions(of ids: [MediaID]) async throws(StoreError) -> [Rendition] {
        try await read { session throws(SQLFailure) in
            var found: [Rendition] = []
            for batch in Array(Set(ids)).batches() {
                let list = SQLList(batch)
                found += try session.query(
                    "SELECT \(Rendition.columns) FROM renditions WHERE renditions.media_id IN \(list.placeholders)",
                    list.values
                ).map(Rendition.init(_:))
            }
            return found
        }
    }

    package func rendition(_ id: RenditionID) async throws(StoreError) -> (Rendition, MediaRecord)? {
        try await read { session throws(SQLFailure) in
            let rows = try session.query(
                """
                SELECT \(Rendition.columns), \(MediaRecord.columns)
                FROM renditions JOIN media ON media.id = renditions.media_id
                WHERE renditions.id = ? AND media.state <> 'deleting'
                """, [id])
            guard var row = rows.first else { return nil }
            return (try Rendition(reading: &row), try MediaRecord(reading: &row))
        }
    }

    package func setMetadata(
        _ members: MediaMetadata, of id: MediaID, owner: UserID, at now: Timestamp
    ) async throws(StoreError) -> MediaRecord? {
        try await write { session throws(SQLFailure) in
            guard var media = try session.liveMedia(id, at: now, lock: session.dialect.forUpdate),
                media.ownerID == owner, media.state != .uploading
            else { return nil }
            media.metadata.merge(members) { _, new in new }
            try session.execute(
                "UPDATE media SET metadata = ? WHERE id = ?", [JSONColumn.encode(media.metadata), id])
            return media
        }
    }
}
