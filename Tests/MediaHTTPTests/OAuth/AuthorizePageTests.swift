import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("The authorize page")
struct AuthorizePageTests {
    @Test("sign in, see what is asked, allow: the app gets a code, the state and the issuer", arguments: ["i", "2"])
    func allowed(root: String) async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app))
            browser.path = "/\(root)/oauth2/authorize"
            try await browser.open()
            #expect(browser.page?.status == 200)
            #expect(browser.page?.text.contains("The &lt;App&gt;") == true)
            #expect(browser.page?.text.contains("type=\"password\"") == true)
            try await browser.press("sign_in", [("username", "@CAROL"), ("password", "correct horse")])
            #expect(browser.page?.status == 303)
            #expect(browser.location == "/\(root)/oauth2/authorize?\(browser.query)")
            try await browser.open()
            let text = try #require(browser.page?.text)
            for words in [
                "@carol", "The &lt;App&gt;", "app.example", "See posts and media that you can see", "Keep this access",
            ] { #expect(text.contains(words)) }
            #expect(!text.contains("Upload photos"))
            try await browser.press("allow")
            #expect(browser.page?.status == 303)
            #expect(browser.location?.hasPrefix("https://app.example/callback?code=") == true)
            #expect(browser.answered["state"] == "a state/+")
            #expect(browser.answered["iss"] == "https://media.example")
            #expect(browser.answered.keys.sorted() == ["code", "iss", "state"])
        }
    }

    @Test("who says no sends the app access_denied, before and after signing in")
    func denied() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            for signsIn in [false, true] {
                var browser = Browser(server, query: server.query(app))
                if signsIn { try await browser.signIn() } else { try await browser.open() }
                try await browser.press("deny")
                #expect(browser.page?.status == 303)
                #expect(
                    browser.answered == [
                        "error": "access_denied", "state": "a state/+", "iss": "https://media.example",
                    ])
            }
        }
    }

    @Test("no page is framed, kept, scripted or read by others, and the cookie is for this host alone")
    func headers() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app))
            try await browser.open()
            let cookie = try #require(browser.page?.headers[.setCookie])
            #expect(cookie.prefixMatch(of: #/__Host-roost-[0-9a-f]{8}=/#) != nil)
            #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=43200"))
            try await browser.signIn()
            for page in [browser.page, try await server.send(.get, "/i/oauth2/authorize", token: .none)] {
                let page = try #require(page)
                let policy = try #require(page.headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("base-uri 'none'") && policy.contains("form-action 'self'"))
                #expect(page.headers[HTTPField.Name("x-frame-options")!] == "DENY")
                #expect(page.headers[.cacheControl] == "no-store")
                #expect(page.headers[.contentType] == "text/html; charset=utf-8")
                #expect(!page.text.contains("<script"))
            }
            #expect(
                browser.page?.headers[.contentSecurityPolicy]?.contains("form-action 'self' https://app.example;")
                    == true)
        }
    }

    @Test("servers at other addresses, also on the same host, have cookies of their own and take no other's")
    func cookies() {
        let bases = [
            "http://127.0.0.1:8080", "http://127.0.0.1:8081", "https://a.example", "https://a.example:444",
            "https://a.example/b",
        ]
        let cookies = bases.map { BrowserCookie(urls: MediaURLs(base: $0)) }
        let value = String(repeating: "v", count: 43)
        for (index, cookie) in cookies.enumerated() {
            let set = cookie.set(value).prefix { $0 != ";" }
            #expect(set.hasPrefix("__Host-") == bases[index].hasPrefix("https"))
            let head = HTTPRequest(
                method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.cookie: "a=b; \(set)"])
            let request = Request(head: head, body: RequestBody(buffer: .init()))
            for (other, reader) in cookies.enumerated() {
                #expect(reader.value(in: request) == (other == index ? value : nil))
            }
        }
    }

    @Test("a wrong password, a wrong name, a user without a password: the same answer, and no session")
    func wrongPassword() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var texts: Set<String> = []
            for (name, password) in [
                ("carol", "correct hors"), ("nobody", "correct horse"), ("alice", "correct horse"), ("alice", ""),
                ("", ""), ("c\0", "x"), ("carol", ""),
            ] {
                var browser = Browser(server, query: server.query(app))
                try await browser.open()
                try await browser.press("sign_in", [("username", name), ("password", password)])
                #expect(browser.page?.status == 403)
                let text = try #require(browser.page?.text)
                texts.insert(String(try #require(text.firstMatch(of: #/role="alert">([^<]+)/#)).1))
                try await browser.open()
                #expect(browser.page?.text.contains("type=\"password\"") == true)
                try await browser.press("allow")
                #expect(browser.answered["code"] == nil)
            }
            #expect(texts.count == 1)
        }
    }

    @Test("what was typed comes back as text, never as markup")
    func escaping() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp("<script>alert(1)</script>")
            var browser = Browser(server, query: server.query(app))
            try await browser.open()
            try await browser.press("sign_in", [("username", "\"><script>'&"), ("password", "x")])
            let text = try #require(browser.page?.text)
            #expect(!text.contains("<script"))
            #expect(text.contains("&quot;&gt;&lt;script&gt;&#39;&amp;"))
        }
    }

    @Test("another account: the session is over")
    func signOut() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app))
            try await browser.signIn()
            let session = browser.cookie
            try await browser.press("sign_out")
            #expect(browser.page?.status == 303)
            browser.cookie = session
            try await browser.open()
            #expect(browser.page?.text.contains("type=\"password\"") == true)
        }
    }

    @Test("a session ends after its time, with a new password, and with its user")
    func sessionEnds() async throws {
        try await RouteFixture.run { server in
            let carol = try await server.addCarol()
            let app = try await server.addApp()
            let ends: [() async throws -> Void] = [
                { server.clock.advance(by: AccountService.sessionLifetime) },
                { _ = try await server.oauth.accounts.setPassword("correct horse", of: carol.id) },
                { _ = try await server.oauth.accounts.remove(carol.id) },
            ]
            for end in ends {
                var browser = Browser(server, query: server.query(app))
                try await browser.signIn()
                #expect(browser.page?.text.contains("@carol") == true)
                try await end()
                try await browser.press("allow")
                #expect(browser.page?.status == 200)
                #expect(browser.page?.text.contains("type=\"password\"") == true)
            }
        }
    }
}
