import MediaCore
import XMedia

extension User {
    /// The columns that ``init(_:)`` reads.
    static let columns = "users.id, users.name, users.username"

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(reading: &row)
    }

    /// Reads the next columns of a row.
    init(reading row: inout SQLRow) throws(SQLFailure) {
        try self.init(id: row.id(), name: row.text(), username: row.text())
    }
}

extension TokenRecord {
    /// The columns that ``init(_:)`` reads, with their tables.
    static let columns = """
        tokens.id, tokens.kind, tokens.digest, tokens.user_id, users.username, tokens.scopes, tokens.client_id,
        tokens.grant_id, tokens.secret, tokens.created_at, tokens.expires_at, tokens.spent_at, tokens.revoked_at
        FROM tokens LEFT JOIN users ON users.id = tokens.user_id
        """

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            id: row.text(), kind: row.word(), digest: row.digest(), userID: row.optionalID(),
            username: row.optionalText(), scopes: Set(known: row.text()), clientID: row.optionalText(),
            grantID: row.optionalText(), sealedSecret: row.optionalText(), createdAt: row.moment(),
            expiresAt: row.optionalMoment(), spentAt: row.optionalMoment(), revokedAt: row.optionalMoment())
    }

    /// Adds the row.
    func insert(_ session: any SQLSession) throws(SQLFailure) {
        try session.execute(
            """
            INSERT INTO tokens (id, kind, digest, user_id, scopes, client_id, grant_id, secret, created_at, expires_at,
                spent_at, revoked_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                id, kind, hexadecimal(digest), userID, scopes.text, clientID, grantID, sealedSecret, createdAt,
                expiresAt, spentAt, revokedAt,
            ])
    }
}

extension TokenKind: SQLConvertible {}
