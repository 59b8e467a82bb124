package import OAuth
package import XMedia

/// Tokens as they are given to a client, once.
package struct IssuedTokens: Sendable, Equatable {
    /// `access_token`.
    package let accessToken: String
    /// How long it is valid; nil for ever.
    package let lifetime: Duration?
    /// What it may do.
    package let scopes: Set<Scope>
    /// `refresh_token`; nil when the user did not allow `offline.access`.
    package let refreshToken: String?
}

/// Why a client gets no tokens.
package enum TokenRefusal: Error, Sendable, Equatable {
    /// The client did not say who it is, or has another secret.
    case client
    /// The code is unknown, expired, used before, or another client's; not told apart.
    case code
    /// The redirect URI is not the one of the authorization request.
    case redirectURI
    /// The verifier does not meet the challenge.
    case verifier
    /// The refresh token is unknown, expired, spent, revoked, or another client's; not told apart.
    case token
    /// More was asked for than the user allowed.
    case scope
    /// The client may not do this: it keeps no secret.
    case grantType
}

/// What users allow apps by OAuth 2.0: codes, their exchange for tokens, refreshing and revoking (RFC 6749, 7009, 7636).
package struct AuthorizationService: Sendable {
    /// How long an authorization code is good: 30 s, as X's documents say.
    package static let codeLifetime = Duration.seconds(30)
    /// How long an access token is good: X answers `"expires_in": 7200`.
    package static let accessLifetime = Duration.seconds(7200)
    /// How long a refresh token is good, if it is not used: about six months on X.
    package static let refreshLifetime = Duration.seconds(180 * 86400)

    let catalog: any GrantCatalog & IdentityCatalog
    let apps: AppService
    let identity: IdentityService
    let clock: any WallClock
    private let ids: SnowflakeSource
    let audit: AuditLog?

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - catalog: the rows.
    ///   - apps: the clients.
    ///   - identity: is told of revocations.
    ///   - clock: says when things expire.
    ///   - ids: names grants and tokens.
    ///   - audit: gets what users allow and what becomes of it.
    package init(
        catalog: any GrantCatalog & IdentityCatalog, apps: AppService, identity: IdentityService,
        clock: any WallClock, ids: SnowflakeSource, audit: AuditLog? = nil
    ) {
        self.audit = audit
        self.catalog = catalog
        self.apps = apps
        self.identity = identity
        self.clock = clock
        self.ids = ids
    }

    /// A code for what the user has just allowed; bound to the app, the redirect URI and the challenge.
    package func issueCode(
        for user: User, app: AppRecord, redirectURI: String, scopes: Set<Scope>, challenge: CodeChallenge,
        from address: String? = nil
    ) async throws(StoreError) -> String {
        try await audit?.record(
            .grantGiven, user: user, actor: .user, app: app.clientID, address: address, detail: ["scopes": scopes.text])
        let text = Secrets.random()
        let now = clock.now
        try await catalog.create(
            AuthorizationCodeRecord(
                digest: Secrets.digest(of: text), clientID: app.clientID, userID: user.id, redirectURI: redirectURI,
                scopes: scopes, challenge: challenge.value, challengeMethod: challenge.method.rawValue, createdAt: now,
                expiresAt: now + Self.codeLifetime))
        return text
    }

    /// Tokens for a code, once; the second time takes away what the first time gave (RFC 6749 §4.1.2).
    ///
    /// - Throws: ``TokenRefusal``, ``StoreError``.
    package func redeem(
        code: String, app: AppRecord, redirectURI: String, verifier: String
    ) async throws -> IssuedTokens {
        let digest = Secrets.digest(of: code)
        let now = clock.now
        guard let record = try await catalog.authorizationCode(digest: digest), record.clientID == app.clientID else {
            throw TokenRefusal.code
        }
        if record.grantID == nil {
            guard now < record.expiresAt else { throw TokenRefusal.code }
            guard record.redirectURI == redirectURI else { throw TokenRefusal.redirectURI }
            // The method of the request counts: nothing that is sent here can weaken it.
            guard let challenge = CodeChallenge(value: record.challenge, method: record.challengeMethod),
                challenge.isMet(by: verifier)
            else { throw TokenRefusal.verifier }
        }
        let grant = GrantRecord(
            id: String(ids.next()), clientID: app.clientID, userID: record.userID, scopes: record.scopes,
            createdAt: now)
        let (issued, records) = makeTokens(of: grant, scopes: record.scopes, at: now)
        switch try await catalog.redeem(code: digest, for: grant, tokens: records, at: now) {
        case .redeemed:
            try await audit?.record(
                .tokenCreated, userID: record.userID, actor: .app, app: app.clientID,
                detail: ["kind": "bearer", "scopes": record.scopes.text])
            return issued
        case .reused:
            identity.forgetAnswers()
            try await audit?.record(
                .tokenReused, userID: record.userID, actor: .unknown, app: app.clientID, detail: ["kind": "code"])
            throw TokenRefusal.code
        case .unknown: throw TokenRefusal.code
        }
    }

    /// The next tokens for a refresh token, which is spent by this; a spent one takes the whole family away.
    ///
    /// - Parameters:
    ///   - token: the refresh token.
    ///   - app: who shows it.
    ///   - scopes: a part of what was allowed, for the access token alone; nil for all of it (RFC 6749 §6).
    /// - Returns: the new tokens.
    /// - Throws: ``TokenRefusal``, ``StoreError``.
    package func refresh(_ token: String, app: AppRecord, scopes: Set<Scope>?) async throws -> IssuedTokens {
        let digest = Secrets.digest(of: token)
        let now = clock.now
        guard let record = try await catalog.token(digest: digest, kind: .refresh), record.clientID == app.clientID,
            let userID = record.userID, let grantID = record.grantID
        else { throw TokenRefusal.token }
        if let scopes, !scopes.isSubset(of: record.scopes) { throw TokenRefusal.scope }
        let grant = GrantRecord(
            id: grantID, clientID: app.clientID, userID: userID, scopes: record.scopes, createdAt: now)
        let (issued, records) = makeTokens(of: grant, scopes: scopes ?? record.scopes, at: now)
        switch try await catalog.refresh(spending: digest, for: records, at: now) {
        case .refreshed:
            try await audit?.record(
                .tokenRefreshed, userID: userID, username: record.username, actor: .app, app: app.clientID,
                detail: ["scopes": (scopes ?? record.scopes).text])
            return issued
        case .reused:
            identity.forgetAnswers()
            try await audit?.record(
                .tokenReused, userID: userID, actor: .unknown, app: app.clientID, detail: ["kind": "refresh"])
            throw TokenRefusal.token
        case .unknown: throw TokenRefusal.token
        }
    }

    /// An app-only bearer, with which an app reads what everybody may read (RFC 6749 §4.4).
    ///
    /// - Parameters:
    ///   - app: whose it is; it must keep a secret.
    ///   - lifetime: how long it is good; nil for ever, as the older of X's two ways gives it: then it is the same one each
    ///     time, until it is revoked.
    /// - Returns: the token.
    /// - Throws: ``TokenRefusal``, ``StoreError``, ``ServiceError``.
    package func issueAppOnly(_ app: AppRecord, lifetime: Duration?) async throws -> IssuedTokens {
        guard app.isConfidential else { throw TokenRefusal.grantType }
        let scopes = Scope.reading.intersection(app.scopes)
        guard !scopes.isEmpty else { throw TokenRefusal.scope }
        try await audit?.record(
            .tokenCreated, user: nil, actor: .app, app: app.clientID,
            detail: ["kind": "app_only", "scopes": scopes.text])
        guard let lifetime else {
            let text = try await apps.appOnlyToken(app, scopes: scopes)
            return IssuedTokens(accessToken: text, lifetime: nil, scopes: scopes, refreshToken: nil)
        }
        let text = Secrets.random()
        let now = clock.now
        try await catalog.create(
            TokenRecord(
                id: String(ids.next()), digest: Secrets.digest(of: text), userID: nil, username: nil,
                scopes: scopes, clientID: app.clientID, createdAt: now, expiresAt: now + lifetime))
        return IssuedTokens(accessToken: text, lifetime: lifetime, scopes: scopes, refreshToken: nil)
    }

    /// The token is good for nothing any more (RFC 7009): an access token alone, a refresh token with its whole family.
    ///
    /// Nothing happens for a token that there is not.
    ///
    /// - Throws: ``TokenRefusal/token`` for another client's token, ``StoreError``.
    package func revoke(_ token: String, app: AppRecord) async throws {
        let digest = Secrets.digest(of: token)
        for kind in [TokenKind.bearer, .refresh] {
            guard let record = try await catalog.token(digest: digest, kind: kind) else { continue }
            guard record.clientID == app.clientID else { throw TokenRefusal.token }
            let isGrant = kind == .refresh && record.grantID != nil
            try await audit?.record(
                isGrant ? .grantRevoked : .tokenRevoked, userID: record.userID, username: record.username, actor: .app,
                app: app.clientID)
            if kind == .refresh, let grantID = record.grantID {
                _ = try await catalog.revokeGrant(grantID, at: clock.now)
            } else {
                _ = try await catalog.revokeToken(record.id, at: clock.now)
            }
            identity.forgetAnswers()
        }
    }

    private func makeTokens(
        of grant: GrantRecord, scopes: Set<Scope>, at now: Timestamp
    ) -> (IssuedTokens, [TokenRecord]) {
        let issued = IssuedTokens(
            accessToken: Secrets.random(), lifetime: Self.accessLifetime, scopes: scopes,
            refreshToken: grant.scopes.contains(.offlineAccess) ? Secrets.random() : nil)
        var records = [
            TokenRecord(
                id: String(ids.next()), digest: Secrets.digest(of: issued.accessToken), userID: grant.userID,
                username: nil, scopes: scopes, clientID: grant.clientID, grantID: grant.id, createdAt: now,
                expiresAt: now + Self.accessLifetime)
        ]
        if let text = issued.refreshToken {
            records.append(
                TokenRecord(
                    id: String(ids.next()), kind: .refresh, digest: Secrets.digest(of: text), userID: grant.userID,
                    username: nil, scopes: grant.scopes, clientID: grant.clientID, grantID: grant.id, createdAt: now,
                    expiresAt: now + Self.refreshLifetime))
        }
        return (issued, records)
    }
}
