import MediaCore
import XMedia

extension GrantRecord {
    /// The columns that ``init(_:)`` reads.
    static let columns = "id, client_id, user_id, scopes, created_at, revoked_at"

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            id: row.text(), clientID: row.text(), userID: row.id(), scopes: Set(known: row.text()),
            createdAt: row.moment(), revokedAt: row.optionalMoment())
    }

    /// Adds the row.
    func insert(_ session: any SQLSession) throws(SQLFailure) {
        try session.execute(
            "INSERT INTO grants (id, client_id, user_id, scopes, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)",
            [id, clientID, userID, scopes.text, createdAt, revokedAt])
    }
}

extension AuthorizationCodeRecord {
    /// The columns that ``init(_:)`` reads.
    static let columns = """
        digest, client_id, user_id, redirect_uri, scopes, challenge, challenge_method, created_at, expires_at, grant_id
        """

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            digest: row.digest(), clientID: row.text(), userID: row.id(), redirectURI: row.text(),
            scopes: Set(known: row.text()), challenge: row.text(), challengeMethod: row.text(),
            createdAt: row.moment(), expiresAt: row.moment(), grantID: row.optionalText())
    }
}

extension RequestTokenRecord {
    /// The columns that ``init(_:)`` reads.
    static let columns = """
        digest, client_id, secret, callback, user_id, verifier_digest, failures, created_at, expires_at, permission
        """

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            digest: row.digest(), clientID: row.text(), sealedSecret: row.text(), callback: row.text(),
            userID: row.optionalID(), verifierDigest: row.optionalDigest(), failures: Int(row.integer()),
            createdAt: row.moment(), expiresAt: row.moment(),
            permission: row.optionalText().flatMap(AppPermission.init(rawValue:)))
    }
}
