import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let identity: [CatalogRule] = [
        CatalogRule("ensureUser: created once, found afterwards in any case") { catalog async throws in
            #expect(try await !catalog.hasUsers())
            let demo = User(id: Samples.owner, name: "Demo", username: "Demo")
            #expect(try await catalog.ensureUser(demo, at: Samples.now) == demo)
            let again = User(id: Samples.stranger, name: "Other", username: "dEMO")
            #expect(try await catalog.ensureUser(again, at: Samples.now) == demo)
            #expect(try await catalog.user(Samples.owner) == demo)
            #expect(try await catalog.user(Samples.stranger) == nil)
            #expect(try await catalog.hasUsers())
        },
        CatalogRule("ensureUser: twenty at once make one user") { catalog in
            let users = try await concurrently(20) { number in
                try await catalog.ensureUser(
                    User(id: UserID(rawValue: UInt64(number + 1)), name: "n", username: "same"), at: Samples.now)
            }
            #expect(Set(users).count == 1)
        },
        CatalogRule("token: found by its digest until it is revoked") { catalog in
            let user = User(id: Samples.owner, name: "Demo", username: "demo")
            _ = try await catalog.ensureUser(user, at: Samples.now)
            let token = TokenRecord(
                id: "1", digest: (0..<32).map { UInt8($0 * 8) }, userID: user.id, username: "demo",
                scopes: [.mediaWrite, .tweetRead], createdAt: Samples.now)
            let bearer = TokenRecord(
                id: "2", digest: Array(repeating: 255, count: 32), userID: nil, username: nil, scopes: [],
                createdAt: Samples.now - .seconds(1))
            try await catalog.create(token)
            try await catalog.create(bearer)
            #expect(try await catalog.token(digest: token.digest, kind: .bearer) == token)
            #expect(try await catalog.token(digest: bearer.digest, kind: .bearer) == bearer)
            #expect(try await catalog.token(digest: Array(repeating: 1, count: 32), kind: .bearer) == nil)
            #expect(try await catalog.token(digest: [], kind: .bearer) == nil)
            #expect(try await catalog.token(digest: token.digest, kind: .refresh) == nil)
            #expect(try await catalog.tokens() == [bearer, token])
            let later = Samples.now + .seconds(1)
            #expect(try await catalog.revokeToken("1", at: later))
            #expect(try await catalog.token(digest: token.digest, kind: .bearer) == nil)
            #expect(try await !catalog.revokeToken("1", at: later + .seconds(1)))
            #expect(try await !catalog.revokeToken("3", at: later))
            #expect(try await catalog.tokens().map(\.revokedAt) == [nil, later])
        },
        CatalogRule("token: not without its user, and a digest only once") { catalog in
            let orphan = TokenRecord(
                id: "1", digest: [1], userID: Samples.owner, username: nil, scopes: [], createdAt: Samples.now)
            await #expect(throws: StoreError.notFound) { try await catalog.create(orphan) }
            let bearer = TokenRecord(
                id: "2", digest: [1], userID: nil, username: nil, scopes: [], createdAt: Samples.now)
            try await catalog.create(bearer)
            let copy = TokenRecord(
                id: "3", digest: [1], userID: nil, username: nil, scopes: [.mediaWrite], createdAt: Samples.now)
            await #expect(throws: StoreError.self) { try await catalog.create(copy) }
            #expect(try await catalog.tokens() == [bearer])
        },
        CatalogRule("checkReady: a catalog in use is ready") { catalog in
            try await catalog.checkReady()
        },
    ]
}
