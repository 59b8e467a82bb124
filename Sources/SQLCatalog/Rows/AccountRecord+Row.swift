import MediaCore
import XMedia

extension AccountRecord {
    /// The columns that ``init(_:)`` reads.
    static let columns = "\(User.columns), users.password_hash, users.created_at"

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(user: User(reading: &row), passwordHash: row.optionalText(), createdAt: row.moment())
    }
}

extension SessionRecord {
    /// The columns that ``init(_:)`` reads, with their tables.
    static let columns = """
        sessions.digest, \(User.columns), sessions.created_at, sessions.expires_at
        FROM sessions JOIN users ON users.id = sessions.user_id
        """

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            digest: row.digest(), user: User(reading: &row), createdAt: row.moment(), expiresAt: row.moment())
    }
}
