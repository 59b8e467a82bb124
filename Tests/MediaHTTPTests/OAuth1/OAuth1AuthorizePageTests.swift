import HTTPTypes
import MediaCore
import NIOCore
import OAuth
import Testing
import XMedia

@testable import MediaHTTP

@Suite("The authorize page of OAuth 1.0a")
struct OAuth1AuthorizePageTests {
    /// A request token of an app, and a browser on its way to the page.
    private func visit(
        _ server: RouteFixture, callback: String, permission: AppPermission = .readWrite
    ) async throws -> (SignedClient, Browser) {
        try await server.addCarol()
        var client = try await server.signedClient(
            "Signing <App>", permission: permission,
            redirectURIs: ["https://app.example/done", "https://app.example/done?keep=1"])
        client.token = nil
        client.tokenSecret = ""
        let answer = try await server.sendSigned(
            .post, "/oauth/request_token", by: client, Signing(more: [("oauth_callback", callback)]))
        try #require(answer.status == 200, "\(answer.text)")
        client.token = answer.form["oauth_token"]
        client.tokenSecret = answer.form["oauth_token_secret"] ?? ""
        var browser = Browser(server, query: "oauth_token=\(client.token ?? "")")
        browser.path = "/oauth/authorize"
        return (client, browser)
    }

    @Test(
        "sign in, see what the app could do, allow: the app gets a verifier, once",
        arguments: ["/oauth/authorize", "/oauth/authenticate", "/i/oauth/authenticate"])
    func allowed(path: String) async throws {
        try await RouteFixture.run { server in
            var (client, browser) = try await visit(server, callback: "https://app.example/done?keep=1")
            browser.path = path
            try await browser.signIn()
            let text = try #require(browser.page?.text)
            for words in ["@carol", "Signing &lt;App&gt;", "app.example", "Upload photos"] {
                #expect(text.contains(words), "\(words)")
            }
            try await browser.press("allow")
            #expect(browser.page?.status == 303)
            #expect(browser.location?.hasPrefix("https://app.example/done?keep=1&oauth_token=") == true)
            #expect(browser.answered["oauth_token"] == client.token)
            let exchanged = try await server.sendSigned(
                .post, "/oauth/access_token", by: client,
                Signing(more: [("oauth_verifier", browser.answered["oauth_verifier"] ?? "")]))
            #expect(exchanged.status == 200, "\(exchanged.text)")
            #expect(exchanged.form["screen_name"] == "carol")
            client.token = exchanged.form["oauth_token"]
            client.tokenSecret = exchanged.form["oauth_token_secret"] ?? ""
            let me = try await server.sendSigned(.get, "/2/users/me", by: client)
            #expect(me.data["username"] == .string("carol"))
            try await browser.open()
            #expect(browser.page?.status == 400)
        }
    }

    @Test("an app without an address has the user type seven digits; a reading app is said to read")
    func pin() async throws {
        try await RouteFixture.run { server in
            var (client, browser) = try await visit(server, callback: "oob", permission: .read)
            try await browser.signIn()
            #expect(browser.page?.text.contains("See posts and media") == true)
            #expect(browser.page?.text.contains("Upload photos") == false)
            try await browser.press("allow")
            #expect(browser.page?.status == 200)
            let found = try #require(browser.page?.text.firstMatch(of: #/<code>([0-9]{7})</code>/#))
            let exchanged = try await server.sendSigned(
                .post, "/oauth/access_token", by: client, Signing(more: [("oauth_verifier", String(found.1))]))
            #expect(exchanged.status == 200)
            client.token = exchanged.form["oauth_token"]
            client.tokenSecret = exchanged.form["oauth_token_secret"] ?? ""
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).status == 200)
            #expect(try await server.sendSigned(.post, "/2/media/upload", by: client).status == 403)
        }
    }

    @Test("who says no is sent back, or told, and the request token is gone", arguments: [true, false])
    func denied(hasAddress: Bool) async throws {
        try await RouteFixture.run { server in
            let (client, start) = try await visit(server, callback: hasAddress ? "https://app.example/done" : "oob")
            var browser = start
            try await browser.open()
            try await browser.press("deny")
            let token = client.token ?? ""
            #expect(browser.page?.status == (hasAddress ? 303 : 200))
            #expect(browser.location == (hasAddress ? "https://app.example/done?denied=\(token)" : nil))
            try await browser.open()
            #expect(browser.page?.status == 400)
        }
    }

    @Test("a form without its proof, or from another site, allows nothing")
    func forged() async throws {
        try await RouteFixture.run { server in
            let (client, start) = try await visit(server, callback: "oob")
            var browser = start
            try await browser.signIn()
            for (proof, headers) in [
                ("", [:]), ("wrong", [:]), (browser.proof ?? "", [HTTPField.Name("sec-fetch-site")!: "cross-site"]),
            ] as [(String, HTTPFields)] {
                try await browser.press("allow", proof: proof, headers: headers)
                #expect(browser.page?.status == 403)
            }
            let record = try await server.catalog.requestToken(digest: Secrets.digest(of: client.token ?? ""))
            #expect(record?.userID == nil)
            #expect(record?.verifierDigest == nil)
        }
    }

    @Test("no, unknown and expired request tokens are told to the user, and lead nowhere")
    func unknown() async throws {
        try await RouteFixture.run { server in
            var (_, browser) = try await visit(server, callback: "https://app.example/done")
            for query in [
                "", "oauth_token=", "oauth_token=nobody", "oauth_token=" + String(repeating: "a", count: 1000),
            ] {
                var stranger = Browser(server, query: query)
                stranger.path = "/oauth/authorize"
                try await stranger.open()
                #expect(stranger.page?.status == 400, "\(query)")
                #expect(stranger.location == nil)
            }
            try await browser.signIn()
            server.clock.advance(by: OAuth1Service.requestTokenLifetime)
            try await browser.press("allow")
            #expect(browser.page?.status == 400)
            #expect(browser.location == nil)
        }
    }
}
