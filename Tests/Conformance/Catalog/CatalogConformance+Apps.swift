import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let apps: [CatalogRule] = [
        CatalogRule("app: found by client id, consumer key and name, as it was created") { catalog async throws in
            let app = Samples.app("one", name: "The App")
            let open = Samples.app("two", secret: nil)
            #expect(try await catalog.create(app))
            #expect(try await catalog.create(open))
            #expect(try await catalog.app(clientID: "one") == app)
            #expect(try await catalog.app(consumerKey: "key of one") == app)
            #expect(try await catalog.app(named: "the APP") == app)
            #expect(try await catalog.app(clientID: "two") == open)
            #expect(try await catalog.app(clientID: "three") == nil)
            #expect(try await catalog.app(clientID: "on\0e") == nil)
            #expect(try await catalog.app(consumerKey: "one") == nil)
            #expect(try await catalog.apps() == [app, open])
        },
        CatalogRule("app: a name only once, in any case of letters") { catalog async throws in
            #expect(try await catalog.create(Samples.app("one", name: "Same")))
            #expect(try await !catalog.create(Samples.app("two", name: "sAME")))
            #expect(try await catalog.app(clientID: "two") == nil)
        },
        CatalogRule("rotateSecrets: the new ones, and no others") { catalog async throws in
            _ = try await catalog.create(Samples.app("one"))
            _ = try await catalog.create(Samples.app("two"))
            let secrets = AppSecrets(
                secretDigest: Samples.digest(1), consumerKey: "new key", sealedConsumerSecret: "new sealed")
            #expect(try await catalog.rotateSecrets(secrets, of: "one"))
            #expect(try await catalog.app(consumerKey: "key of one") == nil)
            let app = try #require(try await catalog.app(consumerKey: "new key"))
            #expect(app.clientID == "one")
            #expect(app.secretDigest == Samples.digest(1))
            #expect(app.sealedConsumerSecret == "new sealed")
            #expect(app.redirectURIs == Samples.app().redirectURIs)
            #expect(try await catalog.app(clientID: "two") == Samples.app("two"))
            #expect(try await !catalog.rotateSecrets(secrets, of: "three"))
        },
        CatalogRule("rotateSecrets: app-only tokens end, users' tokens and those of other apps stay") {
            catalog async throws in
            try await catalog.addUserAndApp()
            _ = try await catalog.create(Samples.app("two"))
            for (number, client) in [(UInt8(71), "app"), (72, "two")] {
                try await catalog.create(
                    TokenRecord(
                        id: "\(number)", digest: Samples.digest(number), userID: nil, username: nil,
                        scopes: [.usersRead],
                        clientID: client, createdAt: Samples.now))
            }
            try await catalog.create(Samples.token(73, grant: nil))
            let secrets = AppSecrets(
                secretDigest: Samples.digest(1), consumerKey: "new key", sealedConsumerSecret: "new sealed")
            #expect(try await catalog.rotateSecrets(secrets, of: "app"))
            #expect(try await catalog.token(digest: Samples.digest(71), kind: .bearer) == nil)
            #expect(try await catalog.token(digest: Samples.digest(72), kind: .bearer) != nil)
            #expect(try await catalog.token(digest: Samples.digest(73), kind: .bearer) != nil)
        },
        CatalogRule("removeApp: takes its tokens, grants and codes, nobody else's") { catalog async throws in
            try await catalog.addUserAndApp()
            _ = try await catalog.create(Samples.app("other"))
            try await catalog.create(Samples.code(1))
            _ = try await catalog.redeem(
                code: Samples.digest(1), for: Samples.grant(), tokens: [Samples.token(2)], at: Samples.now)
            try await catalog.create(Samples.requestToken(3))
            let free = Samples.token(4, grant: nil, client: "other")
            try await catalog.create(free)
            #expect(try await catalog.removeApp(clientID: "app"))
            #expect(try await catalog.app(clientID: "app") == nil)
            #expect(try await catalog.tokens() == [free])
            #expect(try await catalog.grants(of: Samples.owner).isEmpty)
            #expect(try await catalog.authorizationCode(digest: Samples.digest(1)) == nil)
            #expect(try await catalog.requestToken(digest: Samples.digest(3)) == nil)
            #expect(try await !catalog.removeApp(clientID: "app"))
            await #expect(throws: StoreError.notFound) { try await catalog.create(Samples.requestToken(5)) }
            await #expect(throws: StoreError.notFound) { try await catalog.create(Samples.token(6, grant: nil)) }
        },
    ]
}
