import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("The page of connected apps")
struct ConnectedAppsTests {
    private func browser(_ server: RouteFixture) -> Browser {
        var browser = Browser(server, query: "")
        browser.path = "/settings/connected_apps"
        return browser
    }

    @Test("shows who can act for the user, and takes it back at once, whatever kind of token it is")
    func revoking() async throws {
        try await RouteFixture.run { server in
            let carol = try await server.addCarol()
            let camera = try await server.addApp("Camera <1>")
            let phone = try await server.addApp("Phone")
            let tokens = try await server.redeem(server.code(camera), as: camera)
            let access = try #require(tokens.member("access_token"))
            let kept = try #require(try await server.redeem(server.code(phone), as: phone).member("access_token"))
            // One of OAuth 1.0a, and a code that nobody has redeemed yet.
            let record = try #require(try await server.oauth.apps.app(clientID: camera.clientID))
            let signed = try await server.oauth.apps.createOAuth1Token(for: carol, app: record)
            let client = SignedClient(
                consumerKey: camera.consumerKey, consumerSecret: camera.consumerSecret, token: signed.token,
                tokenSecret: signed.secret)
            let code = try await server.code(camera)
            // Each is remembered for a second.
            #expect(try await server.status(with: access) == 200)
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).status == 200)

            var browser = self.browser(server)
            try await browser.open()
            #expect(browser.page?.text.contains("Camera") == false)
            try await browser.signIn()
            let page = try #require(browser.page?.text)
            #expect(page.contains("Camera &lt;1&gt;") && page.contains("Phone"))
            #expect(page.contains("Keep this access when you are not there"))
            // The user's own log, without a token.
            #expect(page.contains("signed in</li>") && page.contains("grant given · Phone"))
            try await browser.press("revoke", [("client_id", camera.clientID)])
            #expect(browser.page?.status == 303)
            #expect(browser.location == "/settings/connected_apps")
            try await browser.open()
            #expect(browser.page?.text.contains("<h2>Camera") == false)
            #expect(browser.page?.text.contains("<h2>Phone") == true)

            #expect(try await server.status(with: access) == 401)
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).status == 401)
            #expect(try await server.redeem(code, as: camera).status == 400)
            let refresh = ["grant_type": "refresh_token", "refresh_token": tokens.member("refresh_token") ?? ""]
            #expect(try await server.post(refresh, as: camera).status == 400)
            #expect(try await server.status(with: kept) == 200)
            let log = try await server.catalog.auditEntries(of: carol.id, olderThan: nil, limit: 1)
            #expect(log.first?.event == .grantRevoked && log.first?.actor == .user)
            #expect(log.first?.app == camera.clientID)
        }
    }

    @Test("a form without its proof, of another's session, or from another site takes nothing back")
    func forgery() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let access = try #require(try await server.redeem(server.code(app), as: app).member("access_token"))
            let fields = [("client_id", app.clientID)]
            var browser = self.browser(server)
            try await browser.signIn()
            let proof = try #require(browser.proof)
            let crossSite: HTTPFields = [try #require(HTTPField.Name("sec-fetch-site")): "cross-site"]
            try await browser.press("revoke", fields, proof: "")
            #expect(browser.page?.status == 403)
            try await browser.press("revoke", fields, proof: proof, headers: crossSite)
            #expect(browser.page?.status == 403)
            // A proof of the authorize page, for the same browser.
            var authorizing = Browser(server, query: server.query(app))
            authorizing.cookie = browser.cookie
            try await authorizing.open()
            try await browser.press("revoke", fields, proof: authorizing.proof)
            #expect(browser.page?.status == 403)
            #expect(try await server.status(with: access) == 200)
            // Somebody else, signed in as such.
            _ = try await server.oauth.accounts.add("dave", name: nil, password: "battery staple")
            var other = self.browser(server)
            try await other.signIn("dave", "battery staple")
            #expect(other.page?.text.contains("No app can act for you") == true)
            try await other.press("revoke", fields)
            #expect(try await server.status(with: access) == 200)
            // An app that there is not leaves no trace.
            try await other.press("revoke", [("client_id", "<invented>")])
            let log = try await server.catalog.auditEntries(named: "dave", olderThan: nil, limit: 9)
            #expect(!log.contains { $0.app == "<invented>" })
            try await browser.open()
            try await browser.press("revoke", fields, proof: proof)
            #expect(try await server.status(with: access) == 401)
        }
    }

    @Test("apps whose tokens have all expired or were spent are not shown")
    func expired() async throws {
        try await RouteFixture.run { server in
            let carol = try await server.addCarol()
            let app = try await server.addApp()
            _ = try await server.redeem(server.code(app, ["scope": "tweet.read users.read"]), as: app)
            let authorizations = server.oauth.authorizations
            #expect(try await authorizations.connectedApps(of: carol.id).map(\.scopes) == [Scope.reading])
            server.clock.advance(by: AuthorizationService.accessLifetime)
            #expect(try await authorizations.connectedApps(of: carol.id).isEmpty)
        }
    }
}
