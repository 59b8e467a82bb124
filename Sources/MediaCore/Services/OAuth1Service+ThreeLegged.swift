package import OAuth
package import XMedia

/// A request token that waits for a user's consent.
package struct OAuth1Consent: Sendable {
    /// Who asks.
    package let app: AppRecord
    /// Where the answer goes; nil when the user is shown a PIN.
    package let callback: String?
    /// The request token's row.
    let record: RequestTokenRecord

    /// What the app could do.
    package var permission: AppPermission { app.permission.limited(to: record.permission) }
}

/// What the user's consent leads to.
package enum OAuth1Answer: Sendable, Equatable {
    /// The browser goes there.
    case redirect(String)
    /// The user types this into the app.
    case pin(String)
}

/// The flow of RFC 5849 §2.
extension OAuth1Service {
    /// How long a request token waits to be exchanged; X says nothing.
    package static let requestTokenLifetime = Duration.seconds(15 * 60)
    /// `oauth_callback` of an app that has no address (RFC 5849 §2.1).
    package static let outOfBand = "oob"

    /// A new request token.
    ///
    /// - Parameters:
    ///   - app: who asks.
    ///   - callback: `oob`, or an address that the app has registered.
    ///   - permission: all that is asked for; nil for what the app may do.
    /// - Returns: the request token.
    /// - Throws: ``ServiceError/redirectURIRefused(_:)`` for another address, ``ServiceError/storeFailed(_:)``.
    package func requestToken(
        for app: AppRecord, callback: String, permission: AppPermission? = nil
    ) async throws(ServiceError) -> OAuth1Credentials {
        if callback != Self.outOfBand {
            let registered = app.redirectURIs.compactMap { RedirectURI($0) }
            guard let wanted = RedirectURI(callback), registered.contains(where: { $0.permits(wanted) }) else {
                throw .redirectURIRefused(callback)
            }
        }
        let credentials = OAuth1Credentials(token: Secrets.random(bytes: 24), secret: Secrets.random())
        let digest = Secrets.digest(of: credentials.token)
        let now = clock.now
        do {
            try await catalog.create(
                RequestTokenRecord(
                    digest: digest, clientID: app.clientID,
                    sealedSecret: try sealer.seal(credentials.secret, for: Self.purpose(digest)), callback: callback,
                    createdAt: now, expiresAt: now + Self.requestTokenLifetime, permission: permission))
        } catch let error as StoreError {
            throw ServiceError(error)
        } catch {
            throw .storeFailed("\(error)")
        }
        return credentials
    }

    /// What a user is asked with a request token; nil when it is unknown, expired, or was answered before.
    package func consent(requestToken text: String) async throws(StoreError) -> OAuth1Consent? {
        guard text.utf8.count <= 256,
            let record = try await catalog.requestToken(digest: Secrets.digest(of: text)),
            clock.now < record.expiresAt, record.verifierDigest == nil,
            let app = try await catalog.app(clientID: record.clientID)
        else { return nil }
        return OAuth1Consent(
            app: app, callback: record.callback == Self.outOfBand ? nil : record.callback, record: record)
    }

    /// The user allows it; nil when somebody was faster, or it expired.
    package func allow(
        _ consent: OAuth1Consent, requestToken text: String, user: User, from address: String? = nil
    ) async throws(StoreError) -> OAuth1Answer? {
        let verifier = consent.callback == nil ? Self.pin() : Secrets.random(bytes: 24)
        guard
            try await catalog.allow(
                requestToken: consent.record.digest, user: user.id, verifierDigest: Secrets.digest(of: verifier),
                at: clock.now)
        else { return nil }
        try await audit?.record(
            .grantGiven, user: user, actor: .user, app: consent.app.clientID, address: address,
            detail: ["permission": consent.permission.rawValue])
        guard let callback = consent.callback.flatMap({ RedirectURI($0) }) else { return .pin(verifier) }
        return .redirect(callback.adding([("oauth_token", text), ("oauth_verifier", verifier)]))
    }

    /// The user refuses it; the request token is gone.
    ///
    /// - Returns: where the browser goes, as X does it; nil without an address.
    package func deny(_ consent: OAuth1Consent, requestToken text: String) async throws(StoreError) -> String? {
        try await catalog.removeRequestToken(digest: consent.record.digest)
        return consent.callback.flatMap { RedirectURI($0) }?.adding([("denied", text)])
    }

    /// The keys with which a request token is exchanged.
    ///
    /// - Throws: ``OAuth1Refusal/consumerKey``, ``OAuth1Refusal/token``, or what the catalog throws.
    package func keys(forRequestTokenIn authorization: OAuthAuthorization) async throws -> OAuth1Keys {
        guard let app = try await catalog.app(consumerKey: authorization.consumerKey) else {
            throw OAuth1Refusal.consumerKey
        }
        guard let text = authorization.token, text.utf8.count <= 256,
            let record = try await catalog.requestToken(digest: Secrets.digest(of: text)),
            record.clientID == app.clientID, clock.now < record.expiresAt
        else { throw OAuth1Refusal.token }
        let secret = try sealer.open(record.sealedSecret, for: Self.purpose(record.digest))
        return OAuth1Keys(
            app: app,
            key: SigningKey(consumerSecret: try apps.consumerSecret(of: app), tokenSecret: secret), principal: nil,
            token: nil)
    }

    /// The access token for a request token that was allowed; each is exchanged once.
    ///
    /// - Parameters:
    ///   - text: the request token, in a request whose signature was verified.
    ///   - verifier: what the callback or the PIN said.
    ///   - app: who asks.
    /// - Throws: ``OAuth1Refusal/token``, ``OAuth1Refusal/verifier``, or what the catalog throws.
    package func exchange(
        requestToken text: String, verifier: String, app: AppRecord
    ) async throws -> (OAuth1Credentials, User) {
        let digest = Secrets.digest(of: text)
        guard verifier.utf8.count <= 256, let record = try await catalog.requestToken(digest: digest),
            let userID = record.userID, let user = try await catalog.user(userID)
        else { throw OAuth1Refusal.token }
        let now = clock.now
        let grant = GrantRecord(
            id: String(ids.next()), clientID: app.clientID, userID: userID,
            scopes: app.permission.limited(to: record.permission).scopes, createdAt: now)
        let (token, credentials) = try apps.newOAuth1Token(
            user: user, app: app, grantID: grant.id, permission: record.permission)
        switch try await catalog.exchange(
            requestToken: digest, verifierDigest: Secrets.digest(of: verifier), for: grant, token: token, at: now)
        {
        case .exchanged:
            try await audit?.record(
                .tokenCreated, user: user, actor: .app, app: app.clientID, detail: ["kind": "oauth1"])
            return (credentials, user)
        case .wrongVerifier: throw OAuth1Refusal.verifier
        case .unknown: throw OAuth1Refusal.token
        }
    }

    /// Seven digits, as on X; five wrong ones end the request token.
    private static func pin() -> String {
        var random = SystemRandomNumberGenerator()
        let digits = String(Int.random(in: 0..<10_000_000, using: &random))
        return String(repeating: "0", count: 7 - digits.count) + digits
    }

    private static func purpose(_ digest: [UInt8]) -> String {
        digest.reduce(into: "") { text, byte in text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    }
}
