package import MediaCore
package import XMedia

extension SQLCatalog: AccountCatalog {
    package func addUser(_ user: User, passwordHash: String?, at now: Timestamp) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            try session.execute(
                """
                INSERT INTO users (id, username, username_key, name, password_hash, created_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (username_key) DO NOTHING
                """, [user.id, user.username, user.username.lowercased(), user.name, passwordHash, now]) == 1
        }
    }

    package func account(named username: String) async throws(StoreError) -> AccountRecord? {
        // PostgreSQL refuses to compare with a text that holds U+0000.
        guard !username.utf8.contains(0) else { return nil }
        return try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(AccountRecord.columns) FROM users WHERE username_key = ?", [username.lowercased()]
            ).first.map(AccountRecord.init(_:))
        }
    }

    package func accounts() async throws(StoreError) -> [AccountRecord] {
        try await read { session throws(SQLFailure) in
            try session.query("SELECT \(AccountRecord.columns) FROM users ORDER BY users.created_at, users.id")
                .map(AccountRecord.init(_:))
        }
    }

    package func setPasswordHash(_ hash: String, of user: UserID) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            guard try session.execute("UPDATE users SET password_hash = ? WHERE id = ?", [hash, user]) == 1 else {
                return false
            }
            // What a browser was given under the former password and nobody has exchanged yet goes with its session.
            for table in ["sessions", "authorization_codes", "request_tokens"] {
                let kept = table == "authorization_codes" ? " AND grant_id IS NULL" : ""
                try session.execute("DELETE FROM \(table) WHERE user_id = ?\(kept)", [user])
            }
            return true
        }
    }

    package func removeUser(_ id: UserID) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            // The row first: whoever wants to add a token or a code of this user waits, and finds no user then.
            let found = try session.query("SELECT id FROM users WHERE id = ? \(session.dialect.forUpdate)", [id])
            guard !found.isEmpty else { return false }
            try session.execute("DELETE FROM sessions WHERE user_id = ?", [id])
            try Self.removeCredentials(where: "user_id", is: id, session)
            return try session.execute("DELETE FROM users WHERE id = ?", [id]) == 1
        }
    }

    package func create(_ session: SessionRecord) async throws(StoreError) {
        try await write { connection throws(SQLFailure) in
            try connection.execute(
                "INSERT INTO sessions (digest, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                [hexadecimal(session.digest), session.user.id, session.createdAt, session.expiresAt])
        }
    }

    package func session(digest: [UInt8]) async throws(StoreError) -> SessionRecord? {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(SessionRecord.columns) WHERE sessions.digest = ?", [hexadecimal(digest)]
            ).first.map(SessionRecord.init(_:))
        }
    }

    package func endSession(digest: [UInt8]) async throws(StoreError) {
        try await write { session throws(SQLFailure) in
            try session.execute("DELETE FROM sessions WHERE digest = ?", [hexadecimal(digest)])
        }
    }
}
