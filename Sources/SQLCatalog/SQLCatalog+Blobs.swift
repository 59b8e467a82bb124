package import MediaCore
import XMedia

/// Which blobs the rows name; a part of ``DeletionCatalog``.
extension SQLCatalog {
    package func discardableAttempts(after last: Segment?, limit: Int) async throws(StoreError) -> [Segment] {
        let limit = max(0, limit)
        // Ids are signed in the catalog: no media has one as low as this.
        let media = last?.mediaID ?? MediaID(rawValue: UInt64(bitPattern: .min))
        let index = last?.index ?? 0
        let behind = "(segments.media_id, segments.segment_index, segments.generation) > (?, ?, ?)"
        let order = "segments.segment_index, segments.generation LIMIT ?"
        let values: [any SQLConvertible] = [media, index, last?.generation ?? -1, limit]
        return try await read { session throws(SQLFailure) in
            let replaced = try session.query(
                """
                SELECT \(Segment.columns) FROM (
                    SELECT DISTINCT media_id, segment_index FROM segments
                    WHERE generation > 0 AND discarded = 0 AND (media_id, segment_index) >= (?, ?)
                ) AS replaced CROSS JOIN segments
                WHERE segments.media_id = replaced.media_id AND segments.segment_index = replaced.segment_index
                    AND NOT (\(Segment.counts)) AND \(behind)
                ORDER BY replaced.media_id, \(order)
                """, [media, index] + values
            ).map(Segment.init(_:))
            // For SQLite the cross join decides that the media come first, of which an index has just these; it would
            // read the segments of all media else.
            let composed = try session.query(
                """
                SELECT \(Segment.columns) FROM media CROSS JOIN segments
                WHERE segments.media_id = media.id AND media.attempts_left = 1 AND media.id >= ?
                    AND segments.discarded = 0 AND \(behind)
                ORDER BY media.id, \(order)
                """, [media] + values
            ).map(Segment.init(_:))
            // Each list is whole as far as it goes, so the first of both together are the first of all.
            let known = Set(replaced.map(\.blob))
            return Array((replaced + composed.filter { !known.contains($0.blob) }).sorted(by: isBefore).prefix(limit))
        }
    }

    package func forgetAttempts(_ names: [BlobName]) async throws(StoreError) {
        let byMedia = Dictionary(grouping: names, by: \.mediaID).sorted { $0.key < $1.key }
        try await writeDeleting { session throws(SQLFailure) in
            for (id, names) in byMedia {
                guard let media = try session.media(id, lock: session.dialect.forUpdate) else { continue }
                for batch in names.batches() {
                    let list = SQLList(batch)
                    let those = "WHERE media_id = ? AND blob IN \(list.placeholders) AND"
                    try session.execute(
                        "DELETE FROM segments \(those) NOT (\(Segment.counts))", [id] + list.values)
                    guard media.original != nil else { continue }
                    try session.execute(
                        "UPDATE segments SET discarded = 1 \(those) discarded = 0", [id] + list.values)
                }
                try session.execute(
                    """
                    UPDATE media SET attempts_left = 0 WHERE id = ? AND attempts_left = 1
                        AND NOT EXISTS (SELECT 1 FROM segments
                            WHERE segments.media_id = media.id AND segments.discarded = 0)
                    """, [id])
            }
        }
    }

    package func named(among names: [BlobName]) async throws(StoreError) -> Set<BlobName> {
        try await read { session throws(SQLFailure) in
            var found: Set<BlobName> = []
            for batch in names.batches() {
                let media = SQLList(Array(Set(batch.map(\.mediaID))))
                let blobs = SQLList(batch)
                // Found by the media's id, which each name carries and each table has an index on.
                for select in [
                    """
                    SELECT blob FROM segments
                    WHERE media_id IN \(media.placeholders) AND blob IN \(blobs.placeholders) AND discarded = 0
                    """,
                    "SELECT original FROM media WHERE id IN \(media.placeholders) AND original IN \(blobs.placeholders)",
                    "SELECT blob FROM renditions WHERE media_id IN \(media.placeholders) AND blob IN \(blobs.placeholders)",
                ] {
                    found.formUnion(try session.blobs(select, media.values + blobs.values))
                }
            }
            return found
        }
    }

    package func expectedBlobs(_ visit: ([BlobPart]) async throws -> Void) async throws {
        for select in Self.expected {
            // Before everything: ids are signed in the catalog, and no media has an id as high as this bit pattern.
            var last = (media: Int64.min, part: Int64(-1))
            while true {
                // Each batch is a statement of its own, so that a long check holds no old state of the rows, and begins
                // in an index where the one before ended.
                let page = try await read { [last] session throws(SQLFailure) in
                    try session.query(select, [last.media, last.part, SQLList.most])
                        .map { row throws(SQLFailure) in try ExpectedBlob(row) }
                }
                guard let end = page.last else { break }
                try await visit(page.map(\.part))
                last = (end.mediaID, end.partID)
            }
        }
    }

    /// What must be there: the counting attempts of media that is not composed, originals, renditions.
    private static let expected = [
        """
        SELECT segments.media_id, segments.segment_index, segments.blob, segments.size, segments.crc32c
        FROM segments JOIN media ON media.id = segments.media_id
        WHERE (segments.media_id, segments.segment_index) > (?, ?)
            AND media.state <> 'deleting' AND media.original IS NULL AND \(Segment.counts)
        ORDER BY segments.media_id, segments.segment_index LIMIT ?
        """,
        """
        SELECT media.id, 0, media.original, media.size, media.original_crc32c FROM media
        WHERE (media.id, 0) > (?, ?) AND media.state <> 'deleting' AND media.original IS NOT NULL
        ORDER BY media.id LIMIT ?
        """,
        """
        SELECT renditions.media_id, renditions.id, renditions.blob, renditions.size, renditions.crc32c
        FROM renditions JOIN media ON media.id = renditions.media_id
        WHERE (renditions.media_id, renditions.id) > (?, ?)
            AND media.state <> 'deleting' AND renditions.blob IS NOT NULL
        ORDER BY renditions.media_id, renditions.id LIMIT ?
        """,
    ]
}

/// A row of the statements that list what must be there.
private struct ExpectedBlob {
    let mediaID: Int64
    let partID: Int64
    let part: BlobPart

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        mediaID = try row.integer()
        partID = try row.integer()
        part = BlobPart(
            name: try row.blob(), stored: StoredBlob(size: try row.integer(), crc32c: try row.crc32c()))
    }
}

/// Whether an attempt stands before another in the order of the catalog, which compares ids as signed numbers.
private func isBefore(_ one: Segment, _ other: Segment) -> Bool {
    func place(_ attempt: Segment) -> (Int64, Int, Int) {
        (Int64(bitPattern: attempt.mediaID.rawValue), attempt.index, attempt.generation)
    }
    return place(one) < place(other)
}
