import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let accounts: [CatalogRule] = [
        CatalogRule("addUser: once for each name, in any case of letters") { catalog async throws in
            #expect(try await catalog.addUser(Samples.user, passwordHash: "h", at: Samples.now))
            let other = User(id: Samples.stranger, name: "Other", username: "DEMO")
            #expect(try await !catalog.addUser(other, passwordHash: "i", at: Samples.now))
            let account = AccountRecord(user: Samples.user, passwordHash: "h", createdAt: Samples.now)
            #expect(try await catalog.account(named: "DeMo") == account)
            #expect(try await catalog.account(named: "nobody") == nil)
            #expect(try await catalog.account(named: "de\0mo") == nil)
            #expect(try await catalog.accounts() == [account])
        },
        CatalogRule("a user who was only ensured has no password") { catalog async throws in
            _ = try await catalog.ensureUser(Samples.user, at: Samples.now)
            #expect(try await catalog.account(named: "demo")?.passwordHash == nil)
        },
        CatalogRule("setPasswordHash: replaces it and ends the user's sessions, nobody else's") {
            catalog async throws in
            let other = User(id: Samples.stranger, name: "Other", username: "other")
            for user in [Samples.user, other] {
                _ = try await catalog.addUser(user, passwordHash: "h", at: Samples.now)
            }
            let mine = session(1, Samples.user)
            let theirs = session(2, other)
            try await catalog.create(mine)
            try await catalog.create(theirs)
            #expect(try await catalog.session(digest: mine.digest) == mine)
            #expect(try await catalog.setPasswordHash("new", of: Samples.owner))
            #expect(try await catalog.account(named: "demo")?.passwordHash == "new")
            #expect(try await catalog.account(named: "other")?.passwordHash == "h")
            #expect(try await catalog.session(digest: mine.digest) == nil)
            #expect(try await catalog.session(digest: theirs.digest) == theirs)
            #expect(try await !catalog.setPasswordHash("new", of: UserID(rawValue: 7)))
        },
        CatalogRule("session: found by its digest until it ends, and not without its user") { catalog async throws in
            _ = try await catalog.ensureUser(Samples.user, at: Samples.now)
            try await catalog.create(session(1, Samples.user))
            #expect(try await catalog.session(digest: Samples.digest(2)) == nil)
            try await catalog.endSession(digest: Samples.digest(1))
            #expect(try await catalog.session(digest: Samples.digest(1)) == nil)
            try await catalog.endSession(digest: Samples.digest(1))
            let orphan = session(3, User(id: Samples.stranger, name: "o", username: "o"))
            await #expect(throws: StoreError.notFound) { try await catalog.create(orphan) }
        },
        CatalogRule("removeUser: takes tokens, grants, codes, sessions; media stays") { catalog async throws in
            try await catalog.addUserAndApp()
            try await catalog.create(session(1, Samples.user))
            try await catalog.create(Samples.code())
            #expect(
                try await catalog.redeem(
                    code: Samples.digest(1), for: Samples.grant(), tokens: [Samples.token(2)], at: Samples.now)
                    == .redeemed)
            try await catalog.create(Samples.requestToken(3))
            #expect(
                try await catalog.allow(
                    requestToken: Samples.digest(3), user: Samples.owner, verifierDigest: [1], at: Samples.now))
            try await catalog.ready(Samples.upload(1))
            #expect(try await catalog.removeUser(Samples.owner))
            #expect(try await catalog.user(Samples.owner) == nil)
            #expect(try await catalog.session(digest: Samples.digest(1)) == nil)
            #expect(try await catalog.tokens().isEmpty)
            #expect(try await catalog.grants(of: Samples.owner).isEmpty)
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1)) == nil)
            #expect(try await catalog.requestToken(digest: Samples.digest(3)) == nil)
            #expect(try await catalog.media(1).ownerID == Samples.owner)
            #expect(try await !catalog.removeUser(Samples.owner))
            await #expect(throws: StoreError.notFound) { try await catalog.create(Samples.code(4)) }
        },
    ]

    private static func session(_ number: UInt8, _ user: User) -> SessionRecord {
        SessionRecord(
            digest: Samples.digest(number), user: user, createdAt: Samples.now, expiresAt: Samples.now + .seconds(60))
    }
}
