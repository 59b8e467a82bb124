import MediaCore
import XMedia

@testable import CatalogConformance

extension Fixture {
    /// A user and an app.
    ///
    /// Code 1 was redeemed for bearer 2 and refresh token 3, which was spent for 4 and 5. Code 6 and
    /// the allowed request token 8 wait to be exchanged, request token 7 to be allowed. An operator made token 9 of OAuth
    /// 1.0a and the app's own bearer 10. Somebody is signed in with session 11.
    static func grant(_ catalog: some Catalog) async throws {
        try await catalog.addUserAndApp()
        try await catalog.create(Samples.code(1))
        _ = try await catalog.redeem(
            code: Samples.digest(1), for: Samples.grant(), tokens: [Samples.token(2), Samples.token(3, .refresh)],
            at: Samples.now)
        _ = try await catalog.refresh(
            spending: Samples.digest(3), for: [Samples.token(4), Samples.token(5, .refresh)], at: Samples.now)
        try await catalog.create(Samples.code(6))
        try await catalog.create(Samples.requestToken(7))
        try await catalog.create(Samples.requestToken(8))
        _ = try await catalog.allow(
            requestToken: Samples.digest(8), user: Samples.owner, verifierDigest: Samples.digest(50), at: Samples.now)
        try await catalog.create(Samples.token(9, .oauth1, grant: nil, expiresAt: nil))
        try await catalog.create(
            TokenRecord(
                id: "token 10", digest: Samples.digest(10), userID: nil, username: nil, scopes: [.tweetRead],
                clientID: "app", createdAt: Samples.now))
        try await catalog.create(session(11))
    }

    /// A session of the fixture's user.
    static func session(_ number: UInt8) -> SessionRecord {
        SessionRecord(
            digest: Samples.digest(number), user: Samples.user, createdAt: Samples.now,
            expiresAt: Samples.now + .seconds(3600))
    }
}

extension Operation {
    /// The methods that write users, apps, codes, grants and tokens, on ``Fixture/granted``.
    static let credentials: [Operation] = exchanges + consents + revocations + operators

    private static let exchanges: [Operation] = [
        Operation(name: "redeem a code") { catalog, call in
            let grant = "grant \(call.party)"
            let outcome = try await catalog.redeem(
                code: Samples.digest(6), for: Samples.grant(grant),
                tokens: [Samples.token(call.number(20), grant: grant)], at: Fixture.now)
            return "\(outcome)"
        },
        Operation(name: "redeem a code again") { catalog, call in
            let grant = "grant \(call.party)"
            let outcome = try await catalog.redeem(
                code: Samples.digest(1), for: Samples.grant(grant),
                tokens: [Samples.token(call.number(22), grant: grant)], at: call.moment)
            return "\(outcome)"
        },
        Operation(name: "refresh") { catalog, call in
            let tokens = [Samples.token(call.number(24)), Samples.token(call.number(26), .refresh)]
            return "\(try await catalog.refresh(spending: Samples.digest(5), for: tokens, at: call.moment))"
        },
        Operation(name: "refresh with a spent token") { catalog, call in
            let tokens = [Samples.token(call.number(28))]
            return "\(try await catalog.refresh(spending: Samples.digest(3), for: tokens, at: call.moment))"
        },
        Operation(name: "exchange a request token") { catalog, call in
            "\(try await catalog.exchange(Samples.digest(50), call))"
        },
        Operation(name: "exchange with a wrong verifier") { catalog, call in
            "\(try await catalog.exchange(Samples.digest(51), call))"
        },
    ]

    private static let consents: [Operation] = [
        Operation(name: "create a code") { catalog, call in
            "\(try await catalog.create(Samples.code(call.number(32))))"
        },
        Operation(name: "create a request token") { catalog, call in
            "\(try await catalog.create(Samples.requestToken(call.number(34))))"
        },
        Operation(name: "allow") { catalog, call in
            let outcome = try await catalog.allow(
                requestToken: Samples.digest(7), user: Samples.owner,
                verifierDigest: Samples.digest(call.number(52)), at: Fixture.now)
            return "\(outcome)"
        },
        Operation(name: "removeRequestToken") { catalog, _ in
            "\(try await catalog.removeRequestToken(digest: Samples.digest(8)))"
        },
        Operation(name: "create a session") { catalog, call in
            "\(try await catalog.create(Fixture.session(call.number(36))))"
        },
        Operation(name: "endSession") { catalog, _ in
            "\(try await catalog.endSession(digest: Samples.digest(11)))"
        },
        Operation(name: "create a token of OAuth 1.0a") { catalog, call in
            "\(try await catalog.create(Samples.token(call.number(38), .oauth1, grant: nil)))"
        },
    ]

    private static let revocations: [Operation] = [
        Operation(name: "revoke an app of a user") { catalog, call in
            "\(try await catalog.revoke(app: "app", user: Samples.owner, at: call.moment))"
        },
        Operation(name: "revoke all apps of a user") { catalog, call in
            "\(try await catalog.revoke(app: nil, user: Samples.owner, at: call.moment))"
        },
        Operation(name: "revokeGrant") { catalog, call in
            "\(try await catalog.revokeGrant("grant", at: call.moment))"
        },
        Operation(name: "revoke the refresh token") { catalog, call in
            "\(try await catalog.revokeToken("token 5", at: call.moment))"
        },
        Operation(name: "forgetExpired", skipsLocked: true) { catalog, _ in
            "\(try await catalog.forgetExpired(before: Fixture.far, limit: 100))"
        },
    ]

    private static let operators: [Operation] = [
        Operation(name: "addUser") { catalog, call in
            let user = User(id: UserID(rawValue: call.id(300)), name: "New", username: "new")
            return "\(try await catalog.addUser(user, passwordHash: "h", at: Fixture.now))"
        },
        Operation(name: "setPasswordHash") { catalog, call in
            "\(try await catalog.setPasswordHash("hash \(call.party)", of: Samples.owner))"
        },
        Operation(name: "removeUser") { catalog, _ in "\(try await catalog.removeUser(Samples.owner))" },
        Operation(name: "create app") { catalog, call in
            "\(try await catalog.create(Samples.app("new \(call.party)", name: "new")))"
        },
        Operation(name: "rotateSecrets") { catalog, call in
            let secrets = AppSecrets(
                secretDigest: Samples.digest(call.number(60)), consumerKey: "new key \(call.party)",
                sealedConsumerSecret: "new sealed")
            return "\(try await catalog.rotateSecrets(secrets, of: "app"))"
        },
        Operation(name: "removeApp") { catalog, _ in "\(try await catalog.removeApp(clientID: "app"))" },
        Operation(name: "the app's own token") { catalog, call in
            "\(try await catalog.appOnlyToken(Samples.appOnly(call.number(62))))"
        },
    ]
}

extension Call {
    /// A number of this party's own.
    fileprivate func number(_ base: UInt8) -> UInt8 { base + UInt8(party) }

    /// A moment of this party's own.
    fileprivate var moment: Timestamp { Fixture.now + .seconds(party) }
}

extension GrantCatalog {
    fileprivate func exchange(_ verifier: [UInt8], _ call: Call) async throws -> ExchangeOutcome {
        let grant = "grant \(2 + call.party)"
        return try await exchange(
            requestToken: Samples.digest(8), verifierDigest: verifier, for: Samples.grant(grant),
            token: Samples.token(call.number(30), .oauth1, grant: grant, expiresAt: nil), at: Fixture.now)
    }
}
