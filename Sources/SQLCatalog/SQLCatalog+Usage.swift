import MediaCore
import XMedia

/// What each user has stored: the row of `user_usage` is the last that a transaction locks, after those of media.
extension SQLSession {
    /// Adds to what a user has stored, unless the sum would be above the limit.
    ///
    /// Whoever else adds for the same user waits until the transaction ends, so what is counted after this is true.
    ///
    /// - Returns: nil when it was added, otherwise what is stored.
    func reserve(_ bytes: Int64, for user: UserID, limit: Int64?) throws(SQLFailure) -> Int64? {
        if let limit, bytes > limit { return try storedBytes(of: user) }
        let condition = limit == nil ? "" : "WHERE user_usage.bytes + excluded.bytes <= ?"
        var values: [any SQLConvertible] = [user, bytes]
        if let limit { values.append(limit) }
        let rows = try query(
            """
            INSERT INTO user_usage (user_id, bytes) VALUES (?, ?)
            ON CONFLICT (user_id) DO UPDATE SET bytes = user_usage.bytes + excluded.bytes \(condition) RETURNING bytes
            """, values)
        return rows.isEmpty ? try storedBytes(of: user) : nil
    }

    /// Takes from what a user has stored, or adds when it is negative; locks it as ``reserve(_:for:limit:)`` does.
    func release(_ bytes: Int64, of user: UserID) throws(SQLFailure) {
        try execute("UPDATE user_usage SET bytes = bytes - ? WHERE user_id = ?", [bytes, user])
    }

    /// What a user has stored.
    func storedBytes(of user: UserID) throws(SQLFailure) -> Int64 {
        guard var row = try query("SELECT bytes FROM user_usage WHERE user_id = ?", [user]).first else { return 0 }
        return try row.integer()
    }

    /// How many uploads of a user are open.
    func openUploads(of user: UserID) throws(SQLFailure) -> Int {
        try count("SELECT COUNT(*) FROM media WHERE owner_id = ? AND state = 'uploading'", user)
    }

    /// How many media of a user wait for processing.
    func waitingMedia(of user: UserID) throws(SQLFailure) -> Int {
        try count("SELECT COUNT(*) FROM media WHERE owner_id = ? AND state = 'pending'", user)
    }

    /// What the media counts for its owner.
    func reservedBytes(of media: MediaID) throws(SQLFailure) -> Int64 {
        guard var row = try query("SELECT reserved_bytes FROM media WHERE id = ?", [media]).first else { return 0 }
        return try row.integer()
    }

    /// Reserves what an attempt needs beyond what its upload has reserved; the upload's row is locked exclusively.
    ///
    /// All attempts that are stored count, those that were replaced too.
    ///
    /// - Returns: what is exceeded; nil when there is room.
    func makeRoom(
        for attempt: NewSegment, in upload: MediaRecord, limit: Int64
    ) throws(SQLFailure) -> UserQuota.Excess? {
        let rows = try query(
            """
            SELECT CAST(COALESCE(SUM(size), 0) AS \(dialect.integer)) FROM segments WHERE media_id = ? AND discarded = 0
            """, [attempt.mediaID])
        guard var row = rows.first else { return nil }
        let missing = try row.integer() + attempt.stored.size - reservedBytes(of: upload.id)
        guard missing > 0 else { return nil }
        let steps = (missing + UserQuota.step - 1) / UserQuota.step * UserQuota.step
        // Less than a step may be left, and be enough.
        for bytes in [steps, missing] {
            guard let taken = try reserve(bytes, for: upload.ownerID, limit: limit) else {
                try execute(
                    "UPDATE media SET reserved_bytes = reserved_bytes + ? WHERE id = ?", [bytes, upload.id])
                return nil
            }
            if bytes == missing { return .bytes(taken: taken, asked: missing, limit: limit) }
        }
        return nil
    }

    private func count(_ sql: String, _ user: UserID) throws(SQLFailure) -> Int {
        guard var row = try query(sql, [user]).first else { return 0 }
        return Int(try row.integer())
    }
}
