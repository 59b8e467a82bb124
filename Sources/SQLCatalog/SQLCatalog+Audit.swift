package import MediaCore
package import XMedia

extension SQLCatalog: AuditCatalog {
    package func add(_ entry: AuditEntry) async throws(StoreError) {
        let insert: @Sendable (any SQLSession) throws(SQLFailure) -> Void = { session throws(SQLFailure) in
            _ = try session.execute(
                """
                INSERT INTO audit (id, at, event, user_id, username, username_key, actor, app, address, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    Int64(bitPattern: entry.id), entry.at, entry.event.rawValue, entry.userID, entry.username,
                    entry.username?.lowercased(), entry.actor.rawValue, entry.app, entry.address,
                    try JSONColumn.encode(entry.detail),
                ])
        }
        // What is about to be erased makes room, also when there is none for this entry. No other event may use up what
        // deletions need.
        if entry.event == .mediaRemoved { try await writeDeleting(insert) } else { try await write(insert) }
    }

    package func auditEntries(
        of user: UserID, olderThan: UInt64?, limit: Int
    ) async throws(StoreError) -> [AuditEntry] {
        try await auditEntries("user_id = ? AND", [user], olderThan: olderThan, limit: limit)
    }

    package func auditEntries(
        named username: String?, olderThan: UInt64?, limit: Int
    ) async throws(StoreError) -> [AuditEntry] {
        guard let username else { return try await auditEntries("", [], olderThan: olderThan, limit: limit) }
        return try await auditEntries(
            "username_key = ? AND", [username.lowercased()], olderThan: olderThan, limit: limit)
    }

    private func auditEntries(
        _ condition: String, _ values: [any SQLConvertible], olderThan: UInt64?, limit: Int
    ) async throws(StoreError) -> [AuditEntry] {
        let before = olderThan.map { Int64(clamping: $0) } ?? Int64.max
        return try await read { session throws(SQLFailure) in
            try session.query(
                """
                SELECT id, at, event, user_id, username, actor, app, address, detail FROM audit
                WHERE \(condition) id < ? ORDER BY id DESC LIMIT ?
                """, values + [before, max(0, limit)]
            ).map { row throws(SQLFailure) in try AuditEntry(row) }
        }
    }
}

extension AuditEntry {
    fileprivate init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            id: UInt64(bitPattern: row.integer()), at: row.moment(), event: row.word(), userID: row.optionalID(),
            username: row.optionalText(), actor: row.word(), app: row.optionalText(), address: row.optionalText(),
            detail: row.json())
    }
}
