import OAuth
package import XMedia

/// Secrets of an app, as they are shown once.
package struct AppCredentials: Sendable, Equatable {
    /// The app's name in OAuth 2.0.
    package let clientID: String
    /// Its secret in OAuth 2.0; nil for a public client.
    package let clientSecret: String?
    /// The app's name in OAuth 1.0a.
    package let consumerKey: String
    /// Its secret in OAuth 1.0a.
    package let consumerSecret: String
}

/// What an operator says of a new app.
package struct NewApp: Sendable {
    /// What users read.
    package var name: String
    /// Whether it keeps a secret (RFC 6749 §2.1).
    package var isConfidential = true
    /// Where answers may go.
    package var redirectURIs: [String] = []
    /// What it may ask users for.
    package var scopes = Set(Scope.allCases)
    /// What it may do with OAuth 1.0a.
    package var permission = AppPermission.readWrite

    package init(name: String) { self.name = name }
}

/// Access token and secret of OAuth 1.0a, as they are shown once.
package struct OAuth1Credentials: Sendable, Equatable {
    /// `oauth_token`.
    package let token: String
    /// `oauth_token_secret`.
    package let secret: String
}

/// The apps that act for users, and their secrets.
package struct AppService: Sendable {
    private let catalog: any AppCatalog & IdentityCatalog
    private let sealer: SecretSealer
    private let clock: any WallClock
    private let ids: SnowflakeSource
    let guesses: GuessLimiter

    /// Makes the service.
    ///
    /// - Parameter guesses: counts wrong client secrets, together with what else is guessed; nil for one of its own.
    package init(
        catalog: any AppCatalog & IdentityCatalog, sealer: SecretSealer, clock: any WallClock, ids: SnowflakeSource,
        guesses: GuessLimiter? = nil
    ) {
        self.guesses = guesses ?? GuessLimiter(clock: clock)
        self.catalog = catalog
        self.sealer = sealer
        self.clock = clock
        self.ids = ids
    }

    /// A new app; nil when the name is taken.
    ///
    /// - Throws: ``ServiceError/redirectURIRefused(_:)`` for an address to which no answer may go.
    package func create(_ app: NewApp) async throws(ServiceError) -> AppCredentials? {
        for uri in app.redirectURIs where RedirectURI(uri) == nil { throw .redirectURIRefused(uri) }
        // 15 bytes make 20 characters; a client id is public, it only must be nobody else's.
        let clientID = Secrets.random(bytes: 15)
        let (secrets, credentials) = try newSecrets(clientID: clientID, isConfidential: app.isConfidential)
        let record = AppRecord(
            clientID: clientID, name: app.name, secretDigest: secrets.secretDigest, redirectURIs: app.redirectURIs,
            scopes: app.scopes, permission: app.permission, consumerKey: secrets.consumerKey,
            sealedConsumerSecret: secrets.sealedConsumerSecret, createdAt: clock.now)
        do {
            return try await catalog.create(record) ? credentials : nil
        } catch {
            throw ServiceError(error)
        }
    }

    /// All apps, oldest first.
    package func apps() async throws(StoreError) -> [AppRecord] { try await catalog.apps() }

    /// The app of this name; nil when there is none.
    package func app(named name: String) async throws(StoreError) -> AppRecord? { try await catalog.app(named: name) }

    /// The app with this client id; nil when there is none.
    package func app(clientID: String) async throws(StoreError) -> AppRecord? {
        try await catalog.app(clientID: clientID)
    }

    /// The app with this consumer key; nil when there is none.
    package func app(consumerKey: String) async throws(StoreError) -> AppRecord? {
        try await catalog.app(consumerKey: consumerKey)
    }

    /// New secrets and a new consumer key for an app; the former ones are good for nothing.
    ///
    /// Tokens stay, but those of OAuth 1.0a need the new consumer key and secret to sign with.
    package func rotate(_ app: AppRecord) async throws(ServiceError) -> AppCredentials? {
        let (secrets, credentials) = try newSecrets(clientID: app.clientID, isConfidential: app.isConfidential)
        do {
            return try await catalog.rotateSecrets(secrets, of: app.clientID) ? credentials : nil
        } catch {
            throw ServiceError(error)
        }
    }

    /// The app is gone with all that users allowed it; false when it was not there.
    package func remove(_ app: AppRecord) async throws(StoreError) -> Bool {
        try await catalog.removeApp(clientID: app.clientID)
    }

    /// The app's secret in OAuth 1.0a.
    ///
    /// - Throws: ``ServiceError/storeFailed(_:)`` when the key file is another one.
    package func consumerSecret(of app: AppRecord) throws(ServiceError) -> String {
        do {
            return try sealer.open(app.sealedConsumerSecret, for: Self.purpose(consumerKey: app.consumerKey))
        } catch {
            throw .storeFailed("\(error)")
        }
    }

    /// An access token of OAuth 1.0a for an app and a user, made by an operator.
    package func createOAuth1Token(for user: User, app: AppRecord) async throws(ServiceError) -> OAuth1Credentials {
        let (record, credentials) = try newOAuth1Token(user: user, app: app, grantID: nil)
        do {
            try await catalog.create(record)
        } catch {
            throw ServiceError(error)
        }
        return credentials
    }

    /// The app's own bearer that does not expire: the same text each time until it is revoked, as on X.
    package func appOnlyToken(_ app: AppRecord, scopes: Set<Scope>) async throws(ServiceError) -> String {
        let text = Secrets.random()
        let id = String(ids.next())
        let wanted = TokenRecord(
            id: id, digest: Secrets.digest(of: text), userID: nil, username: nil, scopes: scopes,
            clientID: app.clientID, sealedSecret: try seal(text, for: Self.purpose(tokenID: id)), createdAt: clock.now)
        do {
            let token = try await catalog.appOnlyToken(wanted)
            return try token.id == id ? text : tokenSecret(of: token) ?? text
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// An access token of OAuth 1.0a that is not in the catalog yet.
    ///
    /// X's tokens begin with the user's id and a hyphen, and some clients read the id from there.
    ///
    /// - Parameters:
    ///   - user: whose it is.
    ///   - app: who gets it.
    ///   - grantID: the grant that it comes from.
    ///   - permission: what it is for; nil for all that the app may do.
    /// - Returns: its row and its secrets.
    package func newOAuth1Token(
        user: User, app: AppRecord, grantID: String?, permission: AppPermission? = nil
    ) throws(ServiceError) -> (TokenRecord, OAuth1Credentials) {
        let credentials = OAuth1Credentials(
            token: "\(user.id)-\(Secrets.random(bytes: 24))", secret: Secrets.random())
        let id = String(ids.next())
        let record = TokenRecord(
            id: id, kind: .oauth1, digest: Secrets.digest(of: credentials.token), userID: user.id,
            username: user.username, scopes: app.permission.limited(to: permission).scopes, clientID: app.clientID,
            grantID: grantID,
            sealedSecret: try seal(credentials.secret, for: Self.purpose(tokenID: id)), createdAt: clock.now)
        return (record, credentials)
    }

    /// What is sealed in a token's row: the secret of an access token of OAuth 1.0a, or an app-only bearer's text; nil for
    /// other tokens.
    ///
    /// - Throws: ``ServiceError/storeFailed(_:)`` when the key file is another one.
    package func tokenSecret(of token: TokenRecord) throws(ServiceError) -> String? {
        guard let sealed = token.sealedSecret else { return nil }
        do {
            return try sealer.open(sealed, for: Self.purpose(tokenID: token.id))
        } catch {
            throw .storeFailed("\(error)")
        }
    }

    private func newSecrets(
        clientID: String, isConfidential: Bool
    ) throws(ServiceError) -> (AppSecrets, AppCredentials) {
        let credentials = AppCredentials(
            clientID: clientID, clientSecret: isConfidential ? Secrets.random() : nil,
            consumerKey: Secrets.random(bytes: 18), consumerSecret: Secrets.random())
        let secrets = AppSecrets(
            secretDigest: credentials.clientSecret.map(Secrets.digest(of:)), consumerKey: credentials.consumerKey,
            sealedConsumerSecret: try seal(
                credentials.consumerSecret, for: Self.purpose(consumerKey: credentials.consumerKey)))
        return (secrets, credentials)
    }

    private func seal(_ secret: String, for purpose: String) throws(ServiceError) -> String {
        do {
            return try sealer.seal(secret, for: purpose)
        } catch {
            throw .storeFailed("\(error)")
        }
    }

    private static func purpose(consumerKey: String) -> String { "consumer secret of \(consumerKey)" }
    private static func purpose(tokenID: String) -> String { "secret of token \(tokenID)" }
}
