package import MediaCore

extension SQLCatalog: AppCatalog {
    package func create(_ app: AppRecord) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            try session.execute(
                """
                INSERT INTO apps (client_id, name, name_key, client_secret_digest, redirect_uris, scopes, permission,
                    consumer_key, consumer_secret, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name_key) DO NOTHING
                """,
                [
                    app.clientID, app.name, app.name.lowercased(), app.secretDigest.map(hexadecimal),
                    JSONColumn.encode(app.redirectURIs), app.scopes.text, app.permission, app.consumerKey,
                    app.sealedConsumerSecret, app.createdAt,
                ]) == 1
        }
    }

    package func app(clientID: String) async throws(StoreError) -> AppRecord? {
        try await app(where: "client_id", is: clientID)
    }

    package func app(consumerKey: String) async throws(StoreError) -> AppRecord? {
        try await app(where: "consumer_key", is: consumerKey)
    }

    package func app(named name: String) async throws(StoreError) -> AppRecord? {
        try await app(where: "name_key", is: name.lowercased())
    }

    private func app(where column: String, is value: String) async throws(StoreError) -> AppRecord? {
        // A text column cannot hold U+0000, and PostgreSQL refuses to compare with it.
        guard !value.utf8.contains(0) else { return nil }
        return try await read { session throws(SQLFailure) in
            try session.query("SELECT \(AppRecord.columns) FROM apps WHERE \(column) = ?", [value])
                .first.map(AppRecord.init(_:))
        }
    }

    package func apps() async throws(StoreError) -> [AppRecord] {
        try await read { session throws(SQLFailure) in
            try session.query("SELECT \(AppRecord.columns) FROM apps ORDER BY created_at, client_id")
                .map(AppRecord.init(_:))
        }
    }

    package func rotateSecrets(_ secrets: AppSecrets, of clientID: String) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            let found = try session.execute(
                """
                UPDATE apps SET client_secret_digest = ?, consumer_key = ?, consumer_secret = ? WHERE client_id = ?
                """,
                [
                    secrets.secretDigest.map(hexadecimal), secrets.consumerKey, secrets.sealedConsumerSecret, clientID,
                ])
            guard found == 1 else { return false }
            // Whoever had the old secrets may have begun something with them: what is under way ends, and so does what
            // they opened without a user.
            try session.execute(
                "DELETE FROM authorization_codes WHERE client_id = ? AND grant_id IS NULL", [clientID])
            try session.execute("DELETE FROM request_tokens WHERE client_id = ?", [clientID])
            try session.execute("DELETE FROM tokens WHERE client_id = ? AND user_id IS NULL", [clientID])
            return true
        }
    }

    package func appOnlyToken(_ token: TokenRecord) async throws(StoreError) -> TokenRecord {
        try await write { session throws(SQLFailure) in
            // One after the other for each app, so that there is one.
            let found = try session.query(
                "SELECT client_id FROM apps WHERE client_id = ? \(session.dialect.forUpdate)", [token.clientID])
            guard !found.isEmpty else { throw .store(.notFound) }
            let earlier = try session.query(
                """
                SELECT \(TokenRecord.columns) WHERE tokens.client_id = ? AND tokens.user_id IS NULL
                    AND tokens.kind = 'bearer' AND tokens.expires_at IS NULL AND tokens.revoked_at IS NULL
                    AND tokens.secret IS NOT NULL
                """, [token.clientID])
            if let earlier = earlier.first { return try TokenRecord(earlier) }
            try token.insert(session)
            return token
        }
    }

    package func removeApp(clientID: String) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            let found = try session.query(
                "SELECT client_id FROM apps WHERE client_id = ? \(session.dialect.forUpdate)", [clientID])
            guard !found.isEmpty else { return false }
            try Self.removeCredentials(where: "client_id", is: clientID, session)
            return try session.execute("DELETE FROM apps WHERE client_id = ?", [clientID]) == 1
        }
    }
}
