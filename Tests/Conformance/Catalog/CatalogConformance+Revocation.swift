import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    private static let later = Samples.now + .seconds(10)

    static let revocation: [CatalogRule] = [
        CatalogRule("revoke: all that one user allowed one app, and what waits to become more of it") {
            catalog async throws in
            try await catalog.allowEverything()
            #expect(try await catalog.revoke(app: "app", user: Samples.owner, at: later))
            #expect(try await !catalog.revoke(app: "app", user: Samples.owner, at: later))
            #expect(try await catalog.grants(of: Samples.owner).map(\.revokedAt) == [later])
            for (number, kind) in [(2, .bearer), (3, .refresh), (4, .oauth1)] as [(UInt8, TokenKind)] {
                #expect(try await catalog.token(digest: Samples.digest(number), kind: kind) == nil, "\(kind)")
            }
            let redeemed = try await catalog.redeem(
                code: Samples.digest(5), for: Samples.grant("new"), tokens: [], at: Samples.now)
            #expect(redeemed == .unknown)
            #expect(try await catalog.requestToken(digest: Samples.digest(6)) == nil)
            // A redeemed code is recognized when it comes again; what nobody allowed yet is nobody's.
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1))?.grantID == "grant")
            #expect(try await catalog.requestToken(digest: Samples.digest(7)) != nil)
        },
        CatalogRule("revoke: nothing of other apps, other users, the app's own, or made for no app") {
            catalog async throws in
            try await catalog.allowEverything()
            #expect(try await !catalog.revoke(app: "other", user: Samples.owner, at: later))
            #expect(try await !catalog.revoke(app: "app", user: Samples.stranger, at: later))
            #expect(try await catalog.tokens().allSatisfy { $0.revokedAt == nil })
            #expect(try await catalog.authorizationCode(digest: Samples.digest(5)) != nil)
            #expect(try await catalog.revoke(app: "app", user: Samples.owner, at: later))
            #expect(try await catalog.token(digest: Samples.digest(8), kind: .bearer) != nil)
            #expect(try await catalog.token(digest: Samples.digest(9), kind: .bearer) != nil)
        },
        CatalogRule("revoke: all apps of a user; tokens without an app stay") { catalog async throws in
            try await catalog.allowEverything()
            _ = try await catalog.create(Samples.app("other"))
            try await catalog.create(Samples.token(10, grant: nil, client: "other"))
            try await catalog.create(Samples.code(11, client: "other"))
            #expect(try await catalog.revoke(app: nil, user: Samples.owner, at: later))
            let valid = try await catalog.tokens().filter { $0.revokedAt == nil }.map(\.id)
            #expect(valid.sorted() == ["token 8", "token 9"])
            #expect(try await catalog.authorizationCode(digest: Samples.digest(11)) == nil)
        },
        CatalogRule("setPasswordHash: codes and request tokens of the user end with the sessions; tokens stay") {
            catalog async throws in
            try await catalog.allowEverything()
            #expect(try await catalog.setPasswordHash("new", of: Samples.owner))
            #expect(try await catalog.authorizationCode(digest: Samples.digest(5)) == nil)
            #expect(try await catalog.requestToken(digest: Samples.digest(6)) == nil)
            #expect(try await catalog.requestToken(digest: Samples.digest(7)) != nil)
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1)) != nil)
            #expect(try await catalog.tokens().allSatisfy { $0.revokedAt == nil })
        },
        CatalogRule("rotateSecrets: codes and request tokens of the app end") { catalog async throws in
            try await catalog.allowEverything()
            let secrets = AppSecrets(
                secretDigest: Samples.digest(90), consumerKey: "new", sealedConsumerSecret: "new sealed")
            #expect(try await catalog.rotateSecrets(secrets, of: "app"))
            #expect(try await catalog.authorizationCode(digest: Samples.digest(5)) == nil)
            for number in [6, 7] as [UInt8] {
                #expect(try await catalog.requestToken(digest: Samples.digest(number)) == nil)
            }
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1)) != nil)
            #expect(try await catalog.token(digest: Samples.digest(4), kind: .oauth1) != nil)
        },
        CatalogRule("appOnlyToken: the same one until it is revoked, of twenty at once one") { catalog async throws in
            try await catalog.addUserAndApp()
            // One that expires, one without its text and another app's are other tokens.
            try await catalog.create(
                TokenRecord(
                    id: "token 1", digest: Samples.digest(1), userID: nil, username: nil, scopes: [],
                    clientID: "app", createdAt: Samples.now))
            let found = try await concurrently(20) { number in
                try await catalog.appOnlyToken(Samples.appOnly(UInt8(100 + number)))
            }
            let first = try #require(found.first)
            #expect(found.allSatisfy { $0 == first })
            #expect(try await catalog.tokens().count == 2)
            #expect(try await catalog.revokeToken(first.id, at: later))
            #expect(try await catalog.appOnlyToken(Samples.appOnly(2)) == Samples.appOnly(2))
            #expect(try await catalog.appOnlyToken(Samples.appOnly(3)) == Samples.appOnly(2))
            await #expect(throws: StoreError.notFound) {
                _ = try await catalog.appOnlyToken(Samples.appOnly(4, client: "none"))
            }
        },
    ]
}

extension Samples {
    /// An app's own token, which does not expire and can be shown again.
    static func appOnly(_ number: UInt8, client: String = "app") -> TokenRecord {
        TokenRecord(
            id: "token \(number)", digest: digest(number), userID: nil, username: nil, scopes: [.tweetRead],
            clientID: client, sealedSecret: "sealed \(number)", createdAt: now)
    }
}

extension GrantCatalog where Self: AppCatalog & IdentityCatalog {
    /// One of everything that a user and an app can have together.
    ///
    /// Code 1 was redeemed for bearer 2 and refresh token 3; 4 is a token of OAuth 1.0a that an operator made. Code 5 and
    /// request token 6 wait to be exchanged, 7 to be allowed. 8 is the app's own token, 9 one of the user's for no app.
    fileprivate func allowEverything() async throws {
        try await addUserAndApp()
        try await create(Samples.code(1))
        let outcome = try await redeem(
            code: Samples.digest(1), for: Samples.grant(), tokens: [Samples.token(2), Samples.token(3, .refresh)],
            at: Samples.now)
        try #require(outcome == .redeemed)
        try await create(Samples.token(4, .oauth1, grant: nil, expiresAt: nil))
        try await create(Samples.code(5))
        try await create(Samples.requestToken(6))
        let isAllowed = try await allow(
            requestToken: Samples.digest(6), user: Samples.owner, verifierDigest: Samples.digest(50), at: Samples.now)
        try #require(isAllowed)
        try await create(Samples.requestToken(7))
        _ = try await appOnlyToken(Samples.appOnly(8))
        try await create(
            TokenRecord(
                id: "token 9", digest: Samples.digest(9), userID: Samples.owner, username: "demo",
                scopes: [.tweetRead], createdAt: Samples.now))
    }
}
