package import MediaCore
package import XMedia

/// What users and operators take back, and the order in which identity's rows are locked.
///
/// Every transaction that locks several rows takes them in this order: user, app, sessions, authorization codes, request
/// tokens, grants, tokens. So two of them wait for each other in one direction only.
extension SQLCatalog {
    package func revoke(
        app clientID: String?, user: UserID, at now: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            let condition = clientID == nil ? "client_id IS NOT NULL" : "client_id = ?"
            let values: [any SQLConvertible] = clientID.map { [user, $0] } ?? [user]
            // Codes and request tokens first. Whoever exchanges one holds its row until the grant is there: this waits, and
            // finds the grant in what follows. Redeemed codes stay, so that their second use is recognized.
            var count = try session.execute(
                "DELETE FROM authorization_codes WHERE user_id = ? AND \(condition) AND grant_id IS NULL", values)
            count += try session.execute("DELETE FROM request_tokens WHERE user_id = ? AND \(condition)", values)
            // Locked before their tokens: a refresh is over by then, and its tokens are seen, or finds the grant revoked.
            _ = try session.query(
                "SELECT id FROM grants WHERE user_id = ? AND \(condition) ORDER BY id \(session.dialect.forUpdate)",
                values)
            for table in ["grants", "tokens"] {
                count += try session.execute(
                    "UPDATE \(table) SET revoked_at = ? WHERE user_id = ? AND \(condition) AND revoked_at IS NULL",
                    [now] + values)
            }
            return count > 0
        }
    }

    /// Nobody removes the user or the app until the transaction ends, so rows that belong to both can be added.
    ///
    /// A row that is added locks them too, but only then, when the transaction holds rows that a removal waits for.
    static func keepParents(user: UserID, app clientID: String, _ session: any SQLSession) throws(SQLFailure) {
        let lock = session.dialect.forShare
        // One writer has nobody to wait for.
        guard !lock.isEmpty else { return }
        _ = try session.query("SELECT id FROM users WHERE id = ? \(lock)", [user])
        _ = try session.query("SELECT client_id FROM apps WHERE client_id = ? \(lock)", [clientID])
    }

    /// All of the rows of a user, or of an app, are gone, in the order in which rows are locked.
    static func removeCredentials(
        where column: String, is value: any SQLConvertible, _ session: any SQLSession
    ) throws(SQLFailure) {
        for table in ["authorization_codes", "request_tokens"] {
            try session.execute("DELETE FROM \(table) WHERE \(column) = ?", [value])
        }
        _ = try session.query(
            "SELECT id FROM grants WHERE \(column) = ? ORDER BY id \(session.dialect.forUpdate)", [value])
        for table in ["tokens", "grants"] {
            try session.execute("DELETE FROM \(table) WHERE \(column) = ?", [value])
        }
    }
}
