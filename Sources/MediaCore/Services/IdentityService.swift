import Crypto
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

    /// Whose token this is; nil when it is unknown or revoked.
    ///
    /// Answers are remembered for one second, so a revocation may lag that long.
    package func authenticate(_ token: String) async throws(StoreError) -> Principal? {
        // No token that was given out is longer; a longer one is not worth a digest.
        guard token.utf8.count <= 256 else { return nil }
        let digest = Self.digest(of: token)
        let now = clock.now
        if let known = cache.withLock({ $0.principal(for: digest, at: now) }) { return known }
        guard let record = try await catalog.token(digest: digest) else { return nil }
        let principal = Principal(userID: record.userID, scopes: record.scopes)
        cache.withLock { $0.store(principal, for: digest, at: now) }
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
        var random = SystemRandomNumberGenerator()
        let text = Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        try await catalog.create(
            TokenRecord(
                id: String(ids.next()), digest: Self.digest(of: text), userID: user?.id, username: user?.username,
                scopes: scopes, createdAt: clock.now))
        return text
    }

    /// All tokens, without their texts.
    package func tokens() async throws(StoreError) -> [TokenRecord] { try await catalog.tokens() }

    /// The token is no longer accepted; false when there is none with this id.
    package func revokeToken(_ id: String) async throws(StoreError) -> Bool {
        try await catalog.revokeToken(id, at: clock.now)
    }

    private static func digest(of token: String) -> [UInt8] {
        var hash = SHA256()
        var token = token
        token.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Array(hash.finalize())
    }
}

/// What was answered within the last second, at most 1024 tokens.
private struct PrincipalCache {
    private struct Entry {
        let principal: Principal
        let storedAt: Timestamp
    }

    private var entries: [[UInt8]: Entry] = [:]

    func principal(for digest: [UInt8], at now: Timestamp) -> Principal? {
        guard let entry = entries[digest], now - entry.storedAt < .seconds(1), entry.storedAt <= now else { return nil }
        return entry.principal
    }

    mutating func store(_ principal: Principal, for digest: [UInt8], at now: Timestamp) {
        if entries.count >= 1024 { entries.removeAll(keepingCapacity: true) }
        entries[digest] = Entry(principal: principal, storedAt: now)
    }
}
