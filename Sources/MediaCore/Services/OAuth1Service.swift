package import OAuth
import Synchronization
import XMedia

/// Why a signed request is refused.
///
/// The words are those of the OAuth Problem Reporting extension (http://wiki.oauth.net/ProblemReporting, archived), which
/// say nothing that a client did not know.
package enum OAuth1Refusal: String, Error, Sendable, CaseIterable {
    /// The header cannot be read, or lacks a parameter.
    case malformed = "parameter_rejected"
    /// Another method than HMAC-SHA1, or another version than 1.0.
    case method = "signature_method_rejected"
    /// The timestamp is too far from the server's clock.
    case timestamp = "timestamp_refused"
    /// There is no app with this consumer key.
    case consumerKey = "consumer_key_unknown"
    /// There is no such token of this app, or it was revoked.
    case token = "token_rejected"
    /// The signature is another one.
    case signature = "signature_invalid"
    /// The request was accepted before.
    case replayed = "nonce_used"
    /// The verifier or PIN is another one.
    case verifier = "verifier_invalid"
}

/// The keys for a token of OAuth 1.0a, and what it allows.
package struct OAuth1Keys: Sendable {
    /// The app.
    package let app: AppRecord
    /// With the app's secret and the token's.
    package let key: SigningKey
    /// Who acts; nil without an access token.
    package let principal: Principal?
    /// The access token's row; nil without one.
    package let token: TokenRecord?
}

/// OAuth 1.0a: who signed a request, and the three-legged flow by which apps come to tokens (RFC 5849).
package final class OAuth1Service: Sendable {
    let catalog: any AppCatalog & IdentityCatalog & GrantCatalog
    let apps: AppService
    let sealer: SecretSealer
    let clock: any WallClock
    let ids: SnowflakeSource
    let audit: AuditLog?
    private let cache = Mutex(KeyCache())
    private let memory: Mutex<ReplayMemory>

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - catalog: apps, tokens and grants.
    ///   - sealer: opens the secrets.
    ///   - clock: against which timestamps are held.
    ///   - ids: for tokens and grants.
    ///   - audit: gets what users allow and what becomes of it.
    ///   - memory: what was accepted; it begins empty with each start, see docs/decisions/0012.
    package init(
        catalog: any AppCatalog & IdentityCatalog & GrantCatalog, sealer: SecretSealer, clock: any WallClock,
        ids: SnowflakeSource, audit: AuditLog? = nil, memory: ReplayMemory = ReplayMemory()
    ) {
        self.audit = audit
        self.catalog = catalog
        self.sealer = sealer
        self.clock = clock
        self.ids = ids
        apps = AppService(catalog: catalog, sealer: sealer, clock: clock, ids: ids)
        self.memory = Mutex(memory)
    }

    /// Refuses a timestamp that is too far from now, before anything is looked up.
    package func checkTimestamp(_ authorization: OAuthAuthorization) throws(OAuth1Refusal) {
        let now = clock.now.seconds
        guard memory.withLock({ $0.isTimely(authorization.timestamp, now: now) }) else { throw .timestamp }
    }

    /// The keys of an app, and of its access token if the request names one.
    ///
    /// Answers are remembered for one second, so a revocation may lag that long.
    ///
    /// - Throws: ``OAuth1Refusal/consumerKey``, ``OAuth1Refusal/token``, or what the catalog throws.
    package func keys(for authorization: OAuthAuthorization) async throws -> OAuth1Keys {
        let name = KeyCache.Name(consumerKey: authorization.consumerKey, token: authorization.token)
        let now = clock.now
        let (known, generation) = cache.withLock { ($0.keys(for: name, at: now), $0.generation) }
        if let known { return known }
        guard let app = try await catalog.app(consumerKey: authorization.consumerKey) else {
            throw OAuth1Refusal.consumerKey
        }
        let consumerSecret = try apps.consumerSecret(of: app)
        var principal: Principal?
        var record: TokenRecord?
        var tokenSecret = ""
        if let text = authorization.token {
            guard let found = try await catalog.token(digest: Secrets.digest(of: text), kind: .oauth1),
                found.clientID == app.clientID, found.expiresAt.map({ now < $0 }) ?? true,
                let secret = try apps.tokenSecret(of: found)
            else { throw OAuth1Refusal.token }
            tokenSecret = secret
            record = found
            let permission = app.permission.limited(to: found.scopes.isSubset(of: Scope.reading) ? .read : nil)
            principal = Principal(
                userID: found.userID, scopes: permission.scopes, clientID: app.clientID, method: .oauth1(permission),
                expiresAt: found.expiresAt)
        }
        let keys = OAuth1Keys(
            app: app, key: SigningKey(consumerSecret: consumerSecret, tokenSecret: tokenSecret), principal: principal,
            token: record)
        cache.withLock { $0.store(keys, for: name, at: now, generation: generation) }
        return keys
    }

    /// Accepts a request whose signature was verified, once.
    ///
    /// - Throws: ``OAuth1Refusal/replayed``, ``OAuth1Refusal/timestamp``.
    package func admit(_ authorization: OAuthAuthorization) throws(OAuth1Refusal) {
        let now = clock.now.seconds
        let admission = memory.withLock {
            $0.admit(
                authorization.signature, consumerKey: authorization.consumerKey, timestamp: authorization.timestamp,
                now: now)
        }
        switch admission {
        case .fresh: return
        case .replayed: throw .replayed
        case .untimely: throw .timestamp
        }
    }

    /// The access token is good for nothing from now on, at once.
    ///
    /// - Returns: false when it was revoked before.
    package func revoke(_ token: TokenRecord) async throws(StoreError) -> Bool {
        defer { forgetAnswers() }
        try await audit?.record(
            token.grantID == nil ? .tokenRevoked : .grantRevoked, userID: token.userID, username: token.username,
            actor: .app, app: token.clientID)
        if let grant = token.grantID { return try await catalog.revokeGrant(grant, at: clock.now) }
        return try await catalog.revokeToken(token.id, at: clock.now)
    }

    /// As ``IdentityService/forgetAnswers()``.
    package func forgetAnswers() { cache.withLock { $0.forget() } }
}

/// Keys that were looked up within the last second, at most 1024.
private struct KeyCache {
    struct Name: Hashable {
        let consumerKey: String
        let token: String?
    }

    private struct Entry {
        let keys: OAuth1Keys
        let storedAt: Timestamp
    }

    private var entries: [Name: Entry] = [:]
    /// How often everything was forgotten: what was looked up in an earlier generation is not stored in a later one.
    private(set) var generation = 0

    func keys(for name: Name, at now: Timestamp) -> OAuth1Keys? {
        guard let entry = entries[name], now - entry.storedAt < .seconds(1), entry.storedAt <= now else { return nil }
        return entry.keys
    }

    mutating func store(_ keys: OAuth1Keys, for name: Name, at now: Timestamp, generation: Int) {
        guard generation == self.generation else { return }
        if entries.count >= 1024 { entries.removeAll(keepingCapacity: true) }
        entries[name] = Entry(keys: keys, storedAt: now)
    }

    mutating func forget() {
        entries.removeAll(keepingCapacity: true)
        generation += 1
    }
}
