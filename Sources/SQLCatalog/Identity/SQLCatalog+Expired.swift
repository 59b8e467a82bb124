package import MediaCore

extension SQLCatalog {
    package func forgetExpired(before moment: Timestamp, limit: Int) async throws(StoreError) -> Int {
        let most = min(limit, SQLList.most)
        return try await writeDeleting { session throws(SQLFailure) in
            var count = 0
            for table in ["sessions", "authorization_codes", "request_tokens"] {
                // In two statements: with a subquery PostgreSQL takes no index for the outer one.
                let expired = try session.query(
                    "SELECT digest FROM \(table) WHERE expires_at < ? ORDER BY expires_at LIMIT ?", [moment, most]
                ).map { row throws(SQLFailure) in
                    var row = row
                    return try row.text()
                }
                guard !expired.isEmpty else { continue }
                let list = SQLList(expired)
                count += try session.execute(
                    "DELETE FROM \(table) WHERE digest IN \(list.placeholders)", list.values)
            }
            return try count + Self.forgetTokens(before: moment, most: most, session)
        }
    }

    /// Expired tokens go, and with the last one of a family its grant.
    private static func forgetTokens(
        before moment: Timestamp, most: Int, _ session: any SQLSession
    ) throws(SQLFailure) -> Int {
        var expired: [String] = []
        var grants: Set<String> = []
        let rows = try session.query(
            "SELECT id, grant_id FROM tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?", [moment, most])
        for row in rows {
            var row = row
            expired.append(try row.text())
            if let grant = try row.optionalText() { grants.insert(grant) }
        }
        guard !expired.isEmpty else { return 0 }
        if !grants.isEmpty {
            // Locked first: a refresh that adds a token to the family is before this or finds no grant.
            let list = SQLList(grants.sorted())
            _ = try session.query(
                "SELECT id FROM grants WHERE id IN \(list.placeholders) ORDER BY id \(session.dialect.forUpdate)",
                list.values)
        }
        let list = SQLList(expired)
        let count = try session.execute("DELETE FROM tokens WHERE id IN \(list.placeholders)", list.values)
        guard !grants.isEmpty else { return count }
        let families = SQLList(grants.sorted())
        try session.execute(
            """
            DELETE FROM grants WHERE id IN \(families.placeholders)
                AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.grant_id = grants.id)
            """, families.values)
        return count
    }
}
