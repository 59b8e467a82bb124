package import XMedia

/// Writes and reads the audit log.
///
/// Whoever does something writes it first and then does it: then nothing happens that is not in the log, and an entry
/// without its effect says that it was tried.
package struct AuditLog: Sendable {
    private let catalog: any AuditCatalog
    private let clock: any WallClock
    private let ids: SnowflakeSource

    /// Makes the log on its rows.
    package init(catalog: any AuditCatalog, clock: any WallClock, ids: SnowflakeSource) {
        self.catalog = catalog
        self.clock = clock
        self.ids = ids
    }

    /// The event is in the log when this returns.
    ///
    /// - Parameters:
    ///   - event: what happens.
    ///   - user: whom it is about; nil for no user.
    ///   - actor: who does it.
    ///   - app: the client id of the app that is concerned.
    ///   - address: where the request came from.
    ///   - detail: more, by name. Never a token, code, password or secret.
    package func record(
        _ event: AuditEvent, user: User?, actor: AuditActor, app: String? = nil, address: String? = nil,
        detail: [String: String] = [:]
    ) async throws(StoreError) {
        try await record(
            event, userID: user?.id, username: user?.username, actor: actor, app: app, address: address, detail: detail)
    }

    /// As above, for a user of whom only the id, or the id and the name, are at hand.
    package func record(
        _ event: AuditEvent, userID: UserID?, username: String? = nil, actor: AuditActor, app: String? = nil,
        address: String? = nil, detail: [String: String] = [:]
    ) async throws(StoreError) {
        try await catalog.add(
            AuditEntry(
                id: ids.next(), at: clock.now, event: event, userID: userID, username: username, actor: actor, app: app,
                address: address, detail: detail))
    }

    /// A page of what is about a user, newest first.
    ///
    /// - Parameter olderThan: the id of the last entry of the page before.
    package func entries(of user: UserID, olderThan: UInt64?, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await catalog.auditEntries(of: user, olderThan: olderThan, limit: limit)
    }
}
