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
        try await write { session throws(SQLFailure) in try token.insert(session) }
    }

    package func token(digest: [UInt8], kind: TokenKind) async throws(StoreError) -> TokenRecord? {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(TokenRecord.columns) WHERE tokens.digest = ? AND tokens.kind = ? AND tokens.revoked_at IS NULL",
                [hexadecimal(digest), kind]
            ).first.map(TokenRecord.init(_:))
        }
    }

    package func tokens() async throws(StoreError) -> [TokenRecord] {
        try await read { session throws(SQLFailure) in
            try session.query("SELECT \(TokenRecord.columns) ORDER BY tokens.created_at, tokens.id")
                .map(TokenRecord.init(_:))
        }
    }

    package func usableTokens(of user: UserID, at now: Timestamp) async throws(StoreError) -> [TokenRecord] {
        try await read { session throws(SQLFailure) in
            try session.query(
                """
                SELECT \(TokenRecord.columns) WHERE tokens.user_id = ? AND tokens.revoked_at IS NULL
                    AND tokens.spent_at IS NULL AND (tokens.expires_at IS NULL OR tokens.expires_at > ?)
                ORDER BY tokens.created_at, tokens.id
                """, [user, now]
            ).map(TokenRecord.init(_:))
        }
    }

    package func revokeToken(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            try session.execute("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", [now, id]) == 1
        }
    }
}
