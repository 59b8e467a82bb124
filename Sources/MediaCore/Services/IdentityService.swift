import Synchronization
package import XMedia

/// Users and tokens.
package final class IdentityService: Sendable {
    private let catalog: any IdentityCatalog
    private let clock: any WallClock
    private let ids: SnowflakeSource
    private let cache = Mutex(PrincipalCache())

    /// Makes the service.
    package init(catalog: any IdentityCatalog, clock: any WallClock, ids: SnowflakeSource) {
        self.catalog = catalog
        self.clock = clock
        self.ids = ids
    }

    /// Whose token this is; nil when it is unknown, expired or revoked.
    ///
    /// Answers are remembered for one second, so a revocation may lag that long.
    package func authenticate(_ token: String) async throws(StoreError) -> Principal? {
        // No token that was given out is longer; a longer one is not worth a digest.
        guard token.utf8.count <= 256 else { return nil }
        let digest = Secrets.digest(of: token)
        let now = clock.now
        let (known, generation) = cache.withLock { ($0.principal(for: digest, at: now), $0.generation) }
        if let known { return known }
        guard let record = try await catalog.token(digest: digest, kind: .bearer) else { return nil }
        let principal = Principal(
            userID: record.userID, scopes: record.scopes, clientID: record.clientID, expiresAt: record.expiresAt)
        guard principal.isValid(at: now) else { return nil }
        cache.withLock { $0.store(principal, for: digest, at: now, generation: generation) }
        return principal
    }

    /// The user's public data; nil when the user is gone.
    package func user(_ id: UserID) async throws(StoreError) -> User? {
        try await catalog.user(id)
    }

    /// The user of this name, created if there was none.
    package func ensureUser(named username: String) async throws(StoreError) -> User {
        let user = User(id: UserID(rawValue: ids.next()), name: username, username: username)
        return try await catalog.ensureUser(user, at: clock.now)
    }

    /// Whether there is any user yet.
    package func hasUsers() async throws(StoreError) -> Bool { try await catalog.hasUsers() }

    /// A new token; its text is returned here and never again, the catalog keeps its SHA-256.
    ///
    /// - Parameter user: nil for an app-only bearer.
    package func createToken(for user: User?, scopes: Set<Scope>) async throws(StoreError) -> String {
        let text = Secrets.random()
        try await catalog.create(
            TokenRecord(
                id: String(ids.next()), digest: Secrets.digest(of: text), userID: user?.id, username: user?.username,
                scopes: scopes, createdAt: clock.now))
        return text
    }

    /// All tokens, without their texts.
    package func tokens() async throws(StoreError) -> [TokenRecord] { try await catalog.tokens() }

    /// The token is no longer accepted; false when there is none with this id.
    package func revokeToken(_ id: String) async throws(StoreError) -> Bool {
        defer { forgetAnswers() }
        return try await catalog.revokeToken(id, at: clock.now)
    }

    /// What was answered before is forgotten: after a revocation in this process there is no second of grace.
    ///
    /// Neither is there for what was being looked up meanwhile.
    package func forgetAnswers() { cache.withLock { $0.forget() } }
}

/// What was answered within the last second, at most 1024 tokens.
private struct PrincipalCache {
    private struct Entry {
        let principal: Principal
        let storedAt: Timestamp
    }

    private var entries: [[UInt8]: Entry] = [:]
    /// How often everything was forgotten: what was looked up in an earlier generation is not stored in a later one.
    private(set) var generation = 0

    func principal(for digest: [UInt8], at now: Timestamp) -> Principal? {
        guard let entry = entries[digest], now - entry.storedAt < .seconds(1), entry.storedAt <= now,
            entry.principal.isValid(at: now)
        else { return nil }
        return entry.principal
    }

    mutating func store(_ principal: Principal, for digest: [UInt8], at now: Timestamp, generation: Int) {
        guard generation == self.generation else { return }
        if entries.count >= 1024 { entries.removeAll(keepingCapacity: true) }
        entries[digest] = Entry(principal: principal, storedAt: now)
    }

    mutating func forget() {
        entries.removeAll(keepingCapacity: true)
        generation += 1
    }
}

extension Principal {
    fileprivate func isValid(at now: Timestamp) -> Bool { expiresAt.map { now < $0 } ?? true }
}
