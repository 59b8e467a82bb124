import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    private static let later = Samples.now + .seconds(10)

    static let grants: [CatalogRule] = [
        CatalogRule("redeem: once; the second time revokes what the first made") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(Samples.code())
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1)) == Samples.code())
            let tokens = [Samples.token(2), Samples.token(3, .refresh)]
            #expect(
                try await catalog.redeem(
                    code: Samples.digest(1), for: Samples.grant(), tokens: tokens, at: Samples.now) == .redeemed)
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1))?.grantID == "grant")
            #expect(try await catalog.token(digest: Samples.digest(2), kind: .bearer) == tokens[0])
            #expect(try await catalog.token(digest: Samples.digest(3), kind: .refresh) == tokens[1])
            #expect(try await catalog.grants(of: Samples.owner) == [Samples.grant()])
            // Long after it expired, too.
            let again = try await catalog.redeem(
                code: Samples.digest(1), for: Samples.grant("second"), tokens: [Samples.token(4, grant: "second")],
                at: Samples.now + .seconds(3600))
            #expect(again == .reused)
            #expect(try await catalog.token(digest: Samples.digest(2), kind: .bearer) == nil)
            #expect(try await catalog.token(digest: Samples.digest(3), kind: .refresh) == nil)
            #expect(try await catalog.token(digest: Samples.digest(4), kind: .bearer) == nil)
            #expect(try await catalog.grants(of: Samples.owner).map(\.revokedAt) == [Samples.now + .seconds(3600)])
        },
        CatalogRule("redeem: nothing for an unknown or expired code") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(Samples.code())
            for (digest, moment) in [(Samples.digest(9), later), (Samples.digest(1), Samples.now + .seconds(30))] {
                let outcome = try await catalog.redeem(code: digest, for: Samples.grant(), tokens: [], at: moment)
                #expect(outcome == .unknown)
            }
            #expect(try await catalog.grants(of: Samples.owner).isEmpty)
        },
        CatalogRule("redeem: of twenty at once one succeeds, and its tokens are revoked") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(Samples.code())
            let outcomes = try await concurrently(20) { number in
                try await catalog.redeem(
                    code: Samples.digest(1), for: Samples.grant("g\(number)"),
                    tokens: [Samples.token(UInt8(100 + number), grant: "g\(number)")], at: later)
            }
            #expect(outcomes.filter { $0 == .redeemed }.count == 1)
            #expect(outcomes.filter { $0 == .reused }.count == 19)
            let tokens = try await catalog.tokens()
            #expect(tokens.count == 1)
            #expect(tokens.allSatisfy { $0.revokedAt != nil })
        },
        CatalogRule("refresh: spends the token for the next ones; a second time revokes the family") {
            catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.start()
            let next = [Samples.token(4), Samples.token(5, .refresh)]
            #expect(try await catalog.refresh(spending: Samples.digest(3), for: next, at: later) == .refreshed)
            #expect(try await catalog.token(digest: Samples.digest(3), kind: .refresh)?.spentAt == later)
            #expect(try await catalog.token(digest: Samples.digest(5), kind: .refresh) == next[1])
            let reuse = try await catalog.refresh(
                spending: Samples.digest(3), for: [Samples.token(6)], at: later + .seconds(1))
            #expect(reuse == .reused)
            for number in [2, 4] as [UInt8] {
                #expect(try await catalog.token(digest: Samples.digest(number), kind: .bearer) == nil)
            }
            for number in [3, 5] as [UInt8] {
                #expect(try await catalog.token(digest: Samples.digest(number), kind: .refresh) == nil)
            }
            #expect(try await catalog.token(digest: Samples.digest(6), kind: .bearer) == nil)
            let last = try await catalog.refresh(spending: Samples.digest(5), for: [], at: later + .seconds(1))
            #expect(last == .unknown)
        },
        CatalogRule("refresh: nothing for an unknown, expired, revoked or other kind of token") {
            catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.start()
            for digest in [Samples.digest(2), Samples.digest(9)] {
                #expect(try await catalog.refresh(spending: digest, for: [], at: later) == .unknown)
            }
            let end = Samples.now + .seconds(7200)
            #expect(try await catalog.refresh(spending: Samples.digest(3), for: [], at: end) == .unknown)
            #expect(try await catalog.revokeToken("token 3", at: later))
            #expect(try await catalog.refresh(spending: Samples.digest(3), for: [], at: later) == .unknown)
            #expect(try await catalog.token(digest: Samples.digest(2), kind: .bearer) != nil)
        },
        CatalogRule("refresh: of twenty at once one succeeds, and the family is revoked") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.start()
            let outcomes = try await concurrently(20) { number in
                try await catalog.refresh(
                    spending: Samples.digest(3), for: [Samples.token(UInt8(100 + number), .refresh)], at: later)
            }
            #expect(outcomes.filter { $0 == .refreshed }.count == 1)
            #expect(outcomes.contains(.reused))
            #expect(try await catalog.tokens().allSatisfy { $0.revokedAt != nil })
        },
        CatalogRule("revokeGrant: takes its tokens, once, and no others") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.start()
            let other = Samples.token(7, grant: nil)
            try await catalog.create(other)
            #expect(try await catalog.revokeGrant("grant", at: later))
            #expect(try await !catalog.revokeGrant("grant", at: later))
            #expect(try await !catalog.revokeGrant("none", at: later))
            #expect(try await catalog.token(digest: Samples.digest(2), kind: .bearer) == nil)
            #expect(try await catalog.token(digest: other.digest, kind: .bearer) == other)
            #expect(try await catalog.grants(of: Samples.owner).map(\.revokedAt) == [later])
            #expect(try await catalog.grants(of: Samples.stranger).isEmpty)
        },
        CatalogRule("forgetExpired: what expired before the moment goes, with the grant of the last token") {
            catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.start()
            try await catalog.create(Samples.code(8))
            try await catalog.create(Samples.requestToken(9))
            try await catalog.create(Samples.token(10, grant: nil, expiresAt: nil))
            try await catalog.create(
                SessionRecord(
                    digest: Samples.digest(11), user: Samples.user, createdAt: Samples.now, expiresAt: later))
            let end = Samples.now + .seconds(7200)
            // Two codes, the request token, the session; not the tokens, which expire at this moment.
            #expect(try await catalog.forgetExpired(before: end, limit: 100) == 4)
            #expect(try await catalog.authorizationCode(digest: Samples.digest(8)) == nil)
            #expect(try await catalog.requestToken(digest: Samples.digest(9)) == nil)
            #expect(try await catalog.session(digest: Samples.digest(11)) == nil)
            #expect(try await catalog.forgetExpired(before: end + .milliseconds(1), limit: 1) == 1)
            #expect(try await catalog.grants(of: Samples.owner).count == 1)
            #expect(try await catalog.forgetExpired(before: end + .milliseconds(1), limit: 1) == 1)
            #expect(try await catalog.grants(of: Samples.owner).isEmpty)
            #expect(try await catalog.forgetExpired(before: end + .milliseconds(1), limit: 1) == 0)
            #expect(try await catalog.tokens().map(\.id) == ["token 10"])
        },
    ]
}

extension GrantCatalog {
    /// Code 1 was redeemed for the grant, bearer token 2 and refresh token 3.
    fileprivate func start() async throws {
        try await create(Samples.code())
        let outcome = try await redeem(
            code: Samples.digest(1), for: Samples.grant(), tokens: [Samples.token(2), Samples.token(3, .refresh)],
            at: Samples.now)
        try #require(outcome == .redeemed)
    }
}
