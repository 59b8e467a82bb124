import MediaCore
import OAuth
import Testing
import XMedia

@testable import SQLCatalog

@Suite("A revocation while a token is being looked up")
struct RevocationTests {
    private struct Parts {
        let driver: HoldingDriver
        let identity: IdentityService
        let apps: AppService
        let oauth1: OAuth1Service
        let clock = ManualClock()

        init() async throws {
            driver = try await HoldingDriver()
            let catalog = try await SQLCatalog(driver: driver)
            let ids = SnowflakeSource(clock: clock, worker: 1)
            let sealer = try #require(SecretSealer(key: Array(repeating: 7, count: SecretSealer.keySize)))
            identity = IdentityService(catalog: catalog, clock: clock, ids: ids)
            apps = AppService(catalog: catalog, sealer: sealer, clock: clock, ids: ids)
            oauth1 = OAuth1Service(catalog: catalog, sealer: sealer, clock: clock, ids: ids)
        }
    }

    @Test("a bearer token: what was found before is not remembered after it")
    func bearer() async throws {
        let parts = try await Parts()
        let identity = parts.identity
        let user = try await identity.ensureUser(named: "demo")
        let token = try await identity.createToken(for: user, scopes: [.tweetRead])
        let id = try #require(try await identity.tokens().first).id
        parts.driver.afterNextRead { _ = try? await identity.revokeToken(id) }
        // This one was there before the revocation.
        #expect(try await identity.authenticate(token) != nil)
        #expect(try await identity.authenticate(token) == nil)
    }

    @Test("a token of OAuth 1.0a: the same")
    func oauth1() async throws {
        let parts = try await Parts()
        let user = try await parts.identity.ensureUser(named: "demo")
        let credentials = try #require(try await parts.apps.create(NewApp(name: "app")))
        let app = try #require(try await parts.apps.app(named: "app"))
        let token = try await parts.apps.createOAuth1Token(for: user, app: app)
        let signer = OAuthSigner(
            consumerKey: credentials.consumerKey, consumerSecret: credentials.consumerSecret, token: token.token,
            tokenSecret: token.secret)
        let authorization = try OAuthAuthorization(
            header: signer.authorization(
                for: SignedRequest(method: "GET", path: "/"), origin: "http://a", timestamp: 1, nonce: "n"))
        let oauth1 = parts.oauth1
        let record = try #require(try await parts.identity.tokens().first)
        // After the app is read; the token is read next, so it is held there.
        let driver = parts.driver
        driver.afterNextRead { driver.afterNextRead { _ = try? await oauth1.revoke(record) } }
        _ = try await oauth1.keys(for: authorization)
        await #expect(throws: OAuth1Refusal.token) { _ = try await oauth1.keys(for: authorization) }
    }
}
