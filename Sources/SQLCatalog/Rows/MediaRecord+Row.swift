import MediaCore
import XMedia

extension MediaRecord {
    /// The columns that ``init(_:)`` reads, for a `SELECT` from `media`.
    static let columns = """
        media.id, media.media_key_prefix, media.owner_id, media.additional_owners, media.category, \
        media.declared_type, media.declared_bytes, media.shared, media.created_at, media.expires_at, media.state, \
        media.size, media.progress, media.expected_end, media.failure, media.facts, media.original, \
        media.original_sha256, media.original_crc32c, media.metadata, \
        CASE WHEN EXISTS (SELECT 1 FROM post_media WHERE post_media.media_id = media.id) THEN 1 ELSE 0 END
        """

    /// Reads ``columns``.
    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(reading: &row)
    }

    /// Reads ``columns`` at the beginning of a longer row.
    init(reading row: inout SQLRow) throws(SQLFailure) {
        try self.init(
            id: row.id(), mediaKeyPrefix: Int(row.integer()), ownerID: row.id(), additionalOwners: row.ids(),
            category: row.optionalWord(), declaredType: row.optionalWord(), declaredBytes: row.optionalInteger(),
            shared: row.flag(), createdAt: row.moment(), expiresAt: row.optionalMoment(), state: row.word(),
            size: row.optionalInteger(), progress: Int(row.integer()), expectedEnd: row.optionalMoment(),
            failure: row.optionalJSON(), facts: row.optionalJSON(), original: OriginalBlob(reading: &row),
            metadata: row.json(), isPosted: row.flag())
    }

    /// The state after an event.
    ///
    /// - Throws: `corrupt` when the rules of ``UploadState`` forbid it: the rows contradict each other.
    func state(after event: UploadEvent) throws(SQLFailure) -> UploadState {
        do {
            return try state.after(event)
        } catch {
            throw .corrupt("media \(id): \(event) in state \(state)")
        }
    }
}

extension OriginalBlob {
    fileprivate init?(reading row: inout SQLRow) throws(SQLFailure) {
        let blob = try row.optionalBlob()
        let sha256 = try row.optionalText()
        let crc32c = try row.optionalInteger()
        guard let blob else { return nil }
        guard let sha256, let crc32c = crc32c.flatMap(UInt32.init(exactly:)) else {
            throw .corrupt("\(blob) has no digest")
        }
        self.init(blob: blob, sha256: sha256, crc32c: crc32c)
    }
}

extension SQLSession {
    /// The media's row, locked as the clause of the ``SQLDialect`` says; nil when there is none.
    func media(_ id: MediaID, lock: String = "") throws(SQLFailure) -> MediaRecord? {
        try query("SELECT \(MediaRecord.columns) FROM media WHERE media.id = ? \(lock)", [id]).first.map(
            MediaRecord.init(_:))
    }

    /// The rows that exist among these, locked in the order of their ids so that two callers never wait for each other.
    func media(_ ids: [MediaID], lock: String = "") throws(SQLFailure) -> [MediaRecord] {
        var found: [MediaRecord] = []
        for batch in ids.sorted().batches() {
            let list = SQLList(batch)
            found += try query(
                """
                SELECT \(MediaRecord.columns) FROM media WHERE media.id IN \(list.placeholders) ORDER BY media.id \(lock)
                """, list.values
            ).map(MediaRecord.init(_:))
        }
        return found
    }
}
