import MediaCore
import XMedia

extension Samples {
    static let user = User(id: owner, name: "Demo", username: "demo")

    /// A digest of its own for each number.
    static func digest(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 32) }

    static func app(_ clientID: String = "app", name: String? = nil, secret: UInt8? = 9) -> AppRecord {
        AppRecord(
            clientID: clientID, name: name ?? clientID, secretDigest: secret.map(digest),
            redirectURIs: ["http://127.0.0.1/a", "app:/\"b"], scopes: [.mediaWrite, .offlineAccess],
            permission: .readWrite, consumerKey: "key of \(clientID)", sealedConsumerSecret: "sealed", createdAt: now)
    }

    static func code(_ number: UInt8 = 1, client: String = "app") -> AuthorizationCodeRecord {
        AuthorizationCodeRecord(
            digest: digest(number), clientID: client, userID: owner, redirectURI: "app:/b", scopes: [.tweetRead],
            challenge: "c", challengeMethod: "S256", createdAt: now, expiresAt: now + .seconds(30))
    }

    static func grant(_ id: String = "grant", client: String = "app", user: UserID = owner) -> GrantRecord {
        GrantRecord(id: id, clientID: client, userID: user, scopes: [.tweetRead, .offlineAccess], createdAt: now)
    }

    /// A token of the grant; its digest and id follow from the number.
    static func token(
        _ number: UInt8, _ kind: TokenKind = .bearer, grant: String? = "grant", client: String = "app",
        expiresAt: Timestamp? = now + .seconds(7200)
    ) -> TokenRecord {
        TokenRecord(
            id: "token \(number)", kind: kind, digest: digest(number), userID: owner, username: "demo",
            scopes: [.tweetRead], clientID: client, grantID: grant, sealedSecret: kind == .oauth1 ? "sealed" : nil,
            createdAt: now, expiresAt: expiresAt)
    }

    static func requestToken(_ number: UInt8 = 1) -> RequestTokenRecord {
        RequestTokenRecord(
            digest: digest(number), clientID: "app", sealedSecret: "sealed", callback: "oob", createdAt: now,
            expiresAt: now + .seconds(600))
    }
}

extension IdentityCatalog where Self: AppCatalog {
    /// The user `demo` and an app.
    func addUserAndApp() async throws {
        _ = try await ensureUser(Samples.user, at: Samples.now)
        _ = try await create(Samples.app())
    }
}
