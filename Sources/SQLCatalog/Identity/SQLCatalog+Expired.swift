package import MediaCore

extension SQLCatalog {
    package func forgetExpired(before moment: Timestamp, limit: Int) async throws(StoreError) -> Int {
        let most = min(limit, SQLList.most)
        return try await write { session throws(SQLFailure) in
            var count = 0
            for table in ["sessions", "authorization_codes", "request_tokens"] {
                count += try session.execute(
                    """
                    DELETE FROM \(table) WHERE digest IN
                        (SELECT digest FROM \(table) WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
                    """, [moment, most])
            }
            return try count + Self.forgetTokens(before: moment, most: most, session)
        }
    }

    /// Expired tokens go, and with the last one of a family its grant.
    private static func forgetTokens(
        before moment: Timestamp, most: Int, _ session: any SQLSession
    ) throws(SQLFailure) -> Int {
        let expired = try session.query(
            """
            DELETE FROM tokens WHERE id IN
                (SELECT id FROM tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?)
            RETURNING grant_id
            """, [moment, most])
        var grants: Set<String> = []
        for row in expired {
            var row = row
            if let grant = try row.optionalText() { grants.insert(grant) }
        }
        guard !grants.isEmpty else { return expired.count }
        let list = SQLList(grants.sorted())
        // Locked first: a refresh that adds a token to the family is before this or finds no grant.
        let locked = try session.query(
            "SELECT id FROM grants WHERE id IN \(list.placeholders) ORDER BY id \(session.dialect.forUpdate)",
            list.values)
        guard !locked.isEmpty else { return expired.count }
        try session.execute(
            """
            DELETE FROM grants WHERE id IN \(list.placeholders)
                AND NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.grant_id = grants.id)
            """, list.values)
        return expired.count
    }
}
