import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Attacks on the authorize page (RFC 9700 §4)")
struct AuthorizationAttackTests {
    @Test(
        "open redirect: an address that is not the app's is shown, never gone to",
        arguments: [
            "https://evil.example/callback", "https://app.example/callback/", "https://app.example/callback?x=1",
            "https://app.example.evil.example/callback", "https://app.example@evil.example/callback",
            "https://app.example/callback#x", "http://app.example/callback", "//app.example/callback",
            "javascript:alert(1)",
            "https://app.example/callback\r\nX: y", "https://app.example/call%62ack", "",
        ])
    func openRedirect(address: String) async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app, ["redirect_uri": address]))
            for wanted in [["state": "x"], ["scope": "nonsense"], ["response_type": "token"]] as [[String: String?]] {
                browser.query = server.query(app, wanted.merging(["redirect_uri": address]) { $1 })
                try await browser.open()
                #expect(browser.page?.status == 400)
                #expect(browser.location == nil)
                #expect(browser.page?.text.contains("This did not work") == true)
                try await browser.press("deny")
                #expect(browser.location == nil)
            }
        }
    }

    @Test("unknown, missing or doubled client and address are shown, never gone to")
    func shown() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp()
            let good = server.query(app)
            for query in [
                "", server.query(app, ["client_id": nil]), server.query(app, ["client_id": "nobody"]),
                server.query(app, ["client_id": "a\0b"]), server.query(app, ["redirect_uri": nil]),
                good + "&redirect_uri=" + encoded("https://evil.example/"), good + "&client_id=other",
            ] {
                var browser = Browser(server, query: query)
                try await browser.open()
                #expect(browser.page?.status == 400)
                #expect(browser.location == nil)
            }
        }
    }

    @Test(
        "faults that the app can mend are told to the app",
        arguments: [
            (["response_type": nil], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
            (["response_type": "code token"], "unsupported_response_type"), (["scope": nil], "invalid_scope"),
            (["scope": "tweet.read root"], "invalid_scope"), (["scope": "like.write"], "invalid_scope"),
            (["code_challenge": nil], "invalid_request"), (["code_challenge": ""], "invalid_request"),
            (["code_challenge_method": "none"], "invalid_request"), (["code_challenge": "short"], "invalid_request"),
        ] as [([String: String?], String)])
    func told(changes: [String: String?], error: String) async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp(scopes: [.tweetRead, .usersRead, .offlineAccess])
            var browser = Browser(server, query: server.query(app, changes))
            try await browser.open()
            #expect(browser.page?.status == 303)
            #expect(browser.location?.hasPrefix("https://app.example/callback?error=\(error)&") == true)
            #expect(browser.answered["state"] == "a state/+")
            #expect(browser.answered["iss"] == "https://media.example")
        }
    }

    @Test("a state of 500 bytes is carried, a longer one is not; a doubled parameter is refused")
    func state() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp()
            let long = String(repeating: "s", count: 500)
            var browser = Browser(server, query: server.query(app, ["state": long]))
            try await browser.open()
            try await browser.press("deny")
            #expect(browser.answered["state"] == long)
            browser = Browser(server, query: server.query(app, ["state": long + "s"]))
            try await browser.open()
            #expect(browser.answered["error"] == "invalid_request")
            #expect(browser.answered["state"] == nil)
            browser = Browser(server, query: server.query(app) + "&scope=media.write")
            try await browser.open()
            #expect(browser.answered["error"] == "invalid_request")
        }
    }

    @Test("a loopback address takes any port, its path and host stay")
    func loopback() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp(isConfidential: false, redirects: ["http://127.0.0.1/cb"])
            var browser = Browser(server, query: server.query(app, ["redirect_uri": "http://127.0.0.1:49152/cb"]))
            try await browser.open()
            #expect(browser.page?.status == 200)
            for other in ["http://127.0.0.1:49152/other", "http://localhost:49152/cb", "https://127.0.0.1:49152/cb"] {
                browser = Browser(server, query: server.query(app, ["redirect_uri": other]))
                try await browser.open()
                #expect(browser.page?.status == 400)
            }
        }
    }

    @Test("cross-site: a form without the proof, with another browser's, another request's, or from another site")
    func forgery() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var victim = Browser(server, query: server.query(app))
            try await victim.signIn()
            var attacker = Browser(server, query: server.query(app))
            try await attacker.open()
            let session = victim.cookie
            let proofs = ["", "x", attacker.proof ?? ""]
            for proof in proofs {
                for action in ["allow", "deny", "sign_out"] {
                    try await victim.press(action, proof: proof)
                    #expect(victim.page?.status == 403)
                    #expect(victim.location == nil)
                    #expect(victim.cookie == session)
                }
            }
            try await victim.open()
            let proof = victim.proof
            // The question was asked for fewer scopes.
            var wider = victim
            wider.query = server.query(app, ["scope": "tweet.read tweet.write media.write"])
            try await wider.press("allow", proof: proof)
            #expect(wider.page?.status == 403)
            let site = HTTPField.Name("sec-fetch-site")!
            for origin in ["cross-site", "same-site"] {
                try await victim.press("allow", proof: proof, headers: [site: origin])
                #expect(victim.page?.status == 403)
            }
            try await victim.press("allow", proof: proof, headers: [site: "same-origin"])
            #expect(victim.answered["code"] != nil)
        }
    }

    @Test("login forgery and fixation: a cookie that somebody planted is worth nothing after signing in")
    func fixation() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var attacker = Browser(server, query: server.query(app))
            try await attacker.open()
            let planted = attacker.cookie
            var victim = Browser(server, query: server.query(app))
            victim.cookie = planted
            try await victim.signIn()
            #expect(victim.cookie != planted)
            try await attacker.open()
            #expect(attacker.page?.text.contains("type=\"password\"") == true)
            // Without a cookie of the browser there is nothing that a form could prove.
            var bare = Browser(server, query: server.query(app))
            try await bare.press(
                "sign_in", [("username", "carol"), ("password", "correct horse")], proof: attacker.proof)
            #expect(bare.page?.status == 403)
        }
    }

    @Test("a path with two slashes does not lead to another host after signing in")
    func doubledSlash() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app))
            browser.path = "//i/oauth2/authorize"
            try await browser.open()
            try await browser.press("sign_in", [("username", "carol"), ("password", "correct horse")])
            #expect(browser.location?.hasPrefix("//") != true)
        }
    }

    @Test("HEAD and other methods allow nothing")
    func methods() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app))
            try await browser.signIn()
            let headers: HTTPFields = [.cookie: browser.cookie ?? ""]
            let query = server.query(app) + "&action=allow&proof=\(browser.proof ?? "")"
            for method in [HTTPRequest.Method.get, .head] {
                let answer = try await server.send(
                    method, "/i/oauth2/authorize?\(query)", token: .none, headers: headers)
                #expect(answer.status == 200)
                #expect(answer.headers[.location] == nil)
            }
        }
    }
}
