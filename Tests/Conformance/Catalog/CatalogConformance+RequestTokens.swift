import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    private static let later = Samples.now + .seconds(10)
    private static let verifier = Samples.digest(50)

    static let requestTokens: [CatalogRule] = [
        CatalogRule("request token: allowed once, exchanged once with its verifier, then gone") {
            catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(Samples.requestToken())
            #expect(try await catalog.requestToken(digest: Samples.digest(1)) == Samples.requestToken())
            #expect(try await catalog.exchange() == .unknown)
            #expect(try await catalog.allow())
            #expect(try await !catalog.allow())
            let allowed = try #require(try await catalog.requestToken(digest: Samples.digest(1)))
            #expect(allowed.userID == Samples.owner)
            #expect(allowed.verifierDigest == verifier)
            #expect(try await catalog.exchange() == .exchanged)
            #expect(try await catalog.requestToken(digest: Samples.digest(1)) == nil)
            let token = Samples.token(2, .oauth1, expiresAt: nil)
            #expect(try await catalog.token(digest: Samples.digest(2), kind: .oauth1) == token)
            #expect(try await catalog.token(digest: Samples.digest(2), kind: .bearer) == nil)
            #expect(try await catalog.exchange() == .unknown)
        },
        CatalogRule("request token: the fifth wrong verifier takes it away") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(Samples.requestToken())
            #expect(try await catalog.allow())
            for _ in 1...5 { #expect(try await catalog.exchange(Samples.digest(51)) == .wrongVerifier) }
            #expect(try await catalog.exchange() == .unknown)
            #expect(try await catalog.tokens().isEmpty)
        },
        CatalogRule("request token: not after it expired or was removed, and for its own app and user only") {
            catalog async throws in
            try await catalog.addUserAndApp()
            _ = try await catalog.create(Samples.app("other"))
            try await catalog.create(Samples.requestToken())
            let end = Samples.now + .seconds(600)
            #expect(try await !catalog.allow(at: end))
            #expect(try await catalog.allow())
            #expect(try await catalog.exchange(at: end) == .unknown)
            let foreign = GrantRecord(
                id: "g", clientID: "other", userID: Samples.owner, scopes: [], createdAt: Samples.now)
            let outcome = try await catalog.exchange(
                requestToken: Samples.digest(1), verifierDigest: verifier, for: foreign,
                token: Samples.token(2, .oauth1, grant: "g", client: "other"), at: later)
            #expect(outcome == .wrongVerifier)
            try await catalog.removeRequestToken(digest: Samples.digest(1))
            #expect(try await catalog.exchange() == .unknown)
        },
        CatalogRule("request token: of twenty exchanges at once one succeeds") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(Samples.requestToken())
            #expect(try await catalog.allow())
            let outcomes = try await concurrently(20) { _ in try await catalog.exchange() }
            #expect(outcomes.filter { $0 == .exchanged }.count == 1)
            #expect(outcomes.filter { $0 == .unknown }.count == 19)
        },
    ]
}

extension GrantCatalog {
    fileprivate func allow(at moment: Timestamp = Samples.now) async throws -> Bool {
        try await allow(
            requestToken: Samples.digest(1), user: Samples.owner, verifierDigest: Samples.digest(50), at: moment)
    }

    fileprivate func exchange(
        _ verifierDigest: [UInt8] = Samples.digest(50), at moment: Timestamp = Samples.now + .seconds(10)
    ) async throws -> ExchangeOutcome {
        let grant = GrantRecord(
            id: "grant", clientID: "app", userID: Samples.owner, scopes: [.tweetRead], createdAt: Samples.now)
        return try await exchange(
            requestToken: Samples.digest(1), verifierDigest: verifierDigest, for: grant,
            token: Samples.token(2, .oauth1, expiresAt: nil), at: moment)
    }
}
