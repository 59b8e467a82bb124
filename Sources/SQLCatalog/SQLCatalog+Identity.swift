package import MediaCore
package import XMedia

extension SQLCatalog: IdentityCatalog {
    package func ensureUser(_ user: User, at now: Timestamp) async throws(StoreError) -> User {
        try await write { session throws(SQLFailure) in
            let key = user.username.lowercased()
            try session.execute(
                """
                INSERT INTO users (id, username, username_key, name, created_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (username_key) DO NOTHING
                """, [user.id, user.username, key, user.name, now])
            let rows = try session.query("SELECT \(User.columns) FROM users WHERE username_key = ?", [key])
            guard let row = rows.first else { throw .corrupt("user \(key) is not there after it was added") }
            return try User(row)
        }
    }

    package func user(_ id: UserID) async throws(StoreError) -> User? {
        try await read { session throws(SQLFailure) in
            try session.query("SELECT \(User.columns) FROM users WHERE id = ?", [id]).first.map(User.init(_:))
        }
    }

    package func hasUsers() async throws(StoreError) -> Bool {
        try await read { session throws(SQLFailure) in try !session.query("SELECT 1 FROM users LIMIT 1").isEmpty }
    }

    package func create(_ token: TokenRecord) async throws(StoreError) {
        try await write { session throws(SQLFailure) in
            try session.execute(
                "INSERT INTO tokens (id, digest, user_id, scopes, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    token.id, hexadecimal(token.digest), token.userID,
                    token.scopes.map(\.rawValue).sorted().joined(separator: " "), token.createdAt, token.revokedAt,
                ])
        }
    }

    package func token(digest: [UInt8]) async throws(StoreError) -> TokenRecord? {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(TokenRecord.columns) WHERE tokens.digest = ? AND tokens.revoked_at IS NULL",
                [hexadecimal(digest)]
            ).first.map(TokenRecord.init(_:))
        }
    }

    package func tokens() async throws(StoreError) -> [TokenRecord] {
        try await read { session throws(SQLFailure) in
            try session.query("SELECT \(TokenRecord.columns) ORDER BY tokens.created_at, tokens.id")
                .map(TokenRecord.init(_:))
        }
    }

    package func revokeToken(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            try session.execute("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", [now, id]) == 1
        }
    }
}

extension User {
    fileprivate static let columns = "users.id, users.name, users.username"

    fileprivate init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(id: row.id(), name: row.text(), username: row.text())
    }
}

extension TokenRecord {
    /// The columns that ``init(_:)`` reads, with their tables.
    fileprivate static let columns = """
        tokens.id, tokens.digest, tokens.user_id, users.username, tokens.scopes, tokens.created_at, tokens.revoked_at
        FROM tokens LEFT JOIN users ON users.id = tokens.user_id
        """

    fileprivate init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        let id = try row.text()
        guard let digest = bytes(hexadecimal: try row.text()) else { throw .corrupt("token \(id) has no digest") }
        // A scope that this program does not know grants nothing.
        try self.init(
            id: id, digest: digest, userID: row.optionalID(), username: row.optionalText(),
            scopes: Set(row.text().split(separator: " ").compactMap { Scope(rawValue: String($0)) }),
            createdAt: row.moment(), revokedAt: row.optionalMoment())
    }
}

/// Two lower-case hexadecimal digits for each byte.
private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The bytes of a text of ``hexadecimal(_:)``; nil for every other text.
private func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
