import MediaCore
import XMedia

extension MediaRecord {
    /// A post that shows the media of a row, NULL when there is none.
    ///
    /// Not `EXISTS`: PostgreSQL may answer that by reading all of `post_media` into a hash table first, for the one row
    /// that `LIMIT` leaves.
    static let anyPost = "(SELECT post_media.post_id FROM post_media WHERE post_media.media_id = media.id LIMIT 1)"

    /// The columns that ``init(_:)`` reads, for a `SELECT` from `media`.
    static let columns = """
        media.id, media.media_key_prefix, media.owner_id, media.additional_owners, media.category, \
        media.declared_type, media.declared_bytes, media.shared, media.created_at, media.expires_at, media.state, \
        media.size, media.progress, media.expected_end, media.failure, media.facts, media.original, \
        media.original_sha256, media.original_crc32c, media.metadata, \
        CASE WHEN \(anyPost) IS NULL THEN 0 ELSE 1 END
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
    ///
    /// Locked first and then read: a `SELECT` that had to wait for the row reads the row anew, and all else (whether a
    /// post uses the media) as it was before it waited
    /// (https://www.postgresql.org/docs/15/transaction-iso.html#XACT-READ-COMMITTED).
    func media(_ id: MediaID, lock: String = "") throws(SQLFailure) -> MediaRecord? {
        if !lock.isEmpty { _ = try query("SELECT id FROM media WHERE id = ? \(lock)", [id]) }
        return try query("SELECT \(MediaRecord.columns) FROM media WHERE media.id = ?", [id]).first.map(
            MediaRecord.init(_:))
    }

    /// The rows that exist among these, locked in the order of their ids so that two callers never wait for each other.
    func media(_ ids: [MediaID], lock: String = "") throws(SQLFailure) -> [MediaRecord] {
        var found: [MediaRecord] = []
        for batch in ids.sorted().batches() {
            let list = SQLList(batch)
            if !lock.isEmpty {
                _ = try query(
                    "SELECT id FROM media WHERE id IN \(list.placeholders) ORDER BY id \(lock)", list.values)
            }
            found += try query(
                "SELECT \(MediaRecord.columns) FROM media WHERE media.id IN \(list.placeholders) ORDER BY media.id",
                list.values
            ).map(MediaRecord.init(_:))
        }
        return found
    }
}
