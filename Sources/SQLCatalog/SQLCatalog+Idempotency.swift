package import MediaCore
import XMedia

extension SQLCatalog: IdempotencyCatalog {
    package func earlierAnswer(to key: IdempotencyKey) async throws(StoreError) -> EarlierAnswer? {
        try await read { session throws(SQLFailure) in try session.earlierAnswer(to: key) }
    }

    package func forgetKeys(claimedBefore moment: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await writeDeleting { session throws(SQLFailure) in
            let old = try session.query(
                """
                SELECT user_id, operation, key_text FROM idempotency_keys WHERE claimed_at < ?
                ORDER BY claimed_at LIMIT ? \(session.dialect.forUpdate)
                """, [moment, max(0, limit)])
            for row in old {
                var row = row
                try session.forgetKey(row.id(), operation: row.text(), text: row.text())
            }
            return old.count
        }
    }
}

extension SQLSession {
    /// The key belongs to this transaction's effect, unless it was claimed before: then what was answered.
    ///
    /// Whoever claims the same key at the same moment waits until this transaction ends.
    func claim(_ claim: IdempotencyClaim) throws(SQLFailure) -> EarlierAnswer? {
        let key = claim.key
        let added = try execute(
            """
            INSERT INTO idempotency_keys (user_id, operation, key_text, digest, status, body, claimed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, operation, key_text) DO NOTHING
            """,
            [key.userID, key.operation, key.text, key.digest, claim.answer.status, claim.answer.body, claim.at])
        if added == 1 { return nil }
        guard let earlier = try earlierAnswer(to: key) else {
            throw .conflict("a key was forgotten while it was claimed")
        }
        return earlier
    }

    /// The key is free again: the transaction has no effect.
    func unclaim(_ claim: IdempotencyClaim?) throws(SQLFailure) {
        guard let key = claim?.key else { return }
        try forgetKey(key.userID, operation: key.operation, text: key.text)
    }

    fileprivate func forgetKey(_ user: UserID, operation: String, text: String) throws(SQLFailure) {
        try execute(
            "DELETE FROM idempotency_keys WHERE user_id = ? AND operation = ? AND key_text = ?",
            [user, operation, text])
    }

    fileprivate func earlierAnswer(to key: IdempotencyKey) throws(SQLFailure) -> EarlierAnswer? {
        let rows = try query(
            """
            SELECT digest, status, body FROM idempotency_keys
            WHERE user_id = ? AND operation = ? AND key_text = ?
            """, [key.userID, key.operation, key.text])
        guard var row = rows.first else { return nil }
        guard try row.text() == key.digest else { return .otherRequest }
        return .same(StoredAnswer(status: Int(try row.integer()), body: try row.text()))
    }
}
