import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Attacks on the token endpoint (RFC 9700 §4)")
struct TokenAttackTests {
    private static let badCode = "Value passed for the authorization code was invalid."
    private static let badToken = "Value passed for the token was invalid."

    @Test("replay: a code works once, and its second use takes away what the first gave")
    func replay() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let code = try await server.code(app)
            let first = try await server.redeem(code, as: app)
            let access = try #require(first.member("access_token"))
            #expect(try await server.status(with: access) == 200)
            #expect(try await server.redeem(code, as: app).isOAuthError("invalid_request", Self.badCode))
            #expect(try await server.status(with: access) == 401)
            let refresh = try #require(first.member("refresh_token"))
            #expect(try await server.refresh(refresh, as: app).isOAuthError("invalid_request", Self.badToken))
        }
    }

    @Test("a code is good for thirty seconds")
    func expiredCode() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let late = try await server.code(app)
            server.clock.advance(by: .seconds(30))
            #expect(try await server.redeem(late, as: app).isOAuthError("invalid_request", Self.badCode))
            let inTime = try await server.code(app)
            server.clock.advance(by: .seconds(30) - .milliseconds(1))
            #expect(try await server.redeem(inTime, as: app).status == 200)
        }
    }

    @Test("injection: a code is nothing to another client, and stays good for its own")
    func otherClient() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let other = try await server.addApp("Other")
            let open = try await server.addApp("Open", isConfidential: false)
            let code = try await server.code(app)
            #expect(try await server.redeem(code, as: other).isOAuthError("invalid_request", Self.badCode))
            let byID = try await server.redeem(code, as: nil, ["client_id": open.clientID])
            #expect(byID.isOAuthError("invalid_request", Self.badCode))
            #expect(try await server.redeem(code, as: app).status == 200)
            // After it was used, too: a stranger's attempt takes nothing away.
            #expect(try await server.redeem(code, as: other).isOAuthError("invalid_request", Self.badCode))
            let tokens = try await server.catalog.tokens().filter { $0.clientID == app.clientID }
            #expect(tokens.count == 2 && tokens.allSatisfy { $0.revokedAt == nil })
        }
    }

    @Test(
        "injection: a code needs the verifier of the browser that asked for it",
        arguments: [
            nil, "", "another", RouteFixture.challenge, RouteFixture.verifier + "a",
            String(RouteFixture.verifier.dropLast()),
        ])
    func verifier(verifier: String?) async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let answer = try await server.redeem(server.code(app), as: app, ["code_verifier": verifier])
            let text =
                (verifier ?? "").isEmpty
                ? "Missing required parameter [code_verifier]."
                : "Value passed for the code verifier did not match the code challenge."
            #expect(answer.isOAuthError("invalid_request", text))
        }
    }

    @Test("downgrade: neither side of an S256 challenge can be made plain")
    func downgrade() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            // At the token endpoint: the method of the request counts.
            let code = try await server.code(app)
            let changes: [String: String?] = [
                "code_verifier": RouteFixture.challenge, "code_challenge_method": "plain",
            ]
            #expect(try await server.redeem(code, as: app, changes).isOAuthError("invalid_request"))
            // On the way to the authorize page: the app's own verifier does not fit then.
            let weakened = try await server.code(app, ["code_challenge_method": "plain"])
            #expect(try await server.redeem(weakened, as: app).isOAuthError("invalid_request"))
            let none = try await server.code(app, ["code_challenge_method": nil])
            #expect(try await server.redeem(none, as: app).isOAuthError("invalid_request"))
        }
    }

    @Test("plain and lower-case s256 work for clients that have nothing else")
    func methods() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let plain = try await server.code(app, ["code_challenge": "challenge", "code_challenge_method": "plain"])
            #expect(try await server.redeem(plain, as: app, ["code_verifier": "challenge"]).status == 200)
            let lower = try await server.code(app, ["code_challenge_method": "s256"])
            #expect(try await server.redeem(lower, as: app).status == 200)
        }
    }

    @Test("mix-up: the redirect URI of the exchange must be that of the request, also between an app's own")
    func redirect() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp(redirects: [RouteFixture.redirect, "https://app.example/other"])
            for other in ["https://app.example/other", "https://evil.example/", RouteFixture.redirect + "/"] {
                let answer = try await server.redeem(server.code(app), as: app, ["redirect_uri": other])
                #expect(
                    answer.isOAuthError(
                        "invalid_request",
                        "Value passed for the redirect uri did not match the uri of the authorization code."))
            }
            let answer = try await server.redeem(server.code(app), as: app, ["redirect_uri": nil])
            #expect(answer.isOAuthError("invalid_request", "Missing required parameter [redirect_uri]."))
        }
    }

    @Test("a spent refresh token takes the whole family away, also what a thief has refreshed since")
    func spentRefresh() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let first = try await server.redeem(server.code(app), as: app)
            let stolen = try #require(first.member("refresh_token"))
            let thief = try await server.refresh(stolen, as: app)
            let second = try await server.refresh(try #require(thief.member("refresh_token")), as: app)
            #expect(second.status == 200)
            #expect(try await server.refresh(stolen, as: app).isOAuthError("invalid_request", Self.badToken))
            for answer in [first, thief, second] {
                #expect(try await server.status(with: try #require(answer.member("access_token"))) == 401)
                let refresh = try #require(answer.member("refresh_token"))
                #expect(try await server.refresh(refresh, as: app).isOAuthError("invalid_request", Self.badToken))
            }
            // Another grant of the same user and app is no relative.
            #expect(try await server.redeem(server.code(app), as: app).status == 200)
        }
    }

    @Test("another client can neither refresh nor revoke a token that it got hold of")
    func foreignTokens() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let other = try await server.addApp("Other")
            let first = try await server.redeem(server.code(app), as: app)
            let access = try #require(first.member("access_token"))
            let refresh = try #require(first.member("refresh_token"))
            #expect(try await server.refresh(refresh, as: other).isOAuthError("invalid_request", Self.badToken))
            for token in [access, refresh, server.aliceToken] {
                let answer = try await server.post("/2/oauth2/revoke", ["token": token], as: other)
                #expect(answer.isOAuthError("invalid_request", Self.badToken))
            }
            #expect(try await server.status(with: access) == 200)
            #expect(try await server.status(with: server.aliceToken) == 200)
            #expect(try await server.refresh(refresh, as: app).status == 200)
        }
    }

    @Test("one kind of token is none of another")
    func kinds() async throws {
        try await RouteFixture.run { server in
            let carol = try await server.addCarol()
            let app = try await server.addApp()
            let first = try await server.redeem(server.code(app), as: app)
            let refresh = try #require(first.member("refresh_token"))
            #expect(try await server.status(with: refresh) == 401)
            let access = try #require(first.member("access_token"))
            #expect(try await server.refresh(access, as: app).isOAuthError("invalid_request", Self.badToken))
            let code = try await server.code(app)
            #expect(try await server.status(with: code) == 401)
            let record = try #require(try await server.oauth.apps.app(named: "The <App>"))
            let signed = try await server.oauth.apps.createOAuth1Token(for: carol, app: record)
            #expect(try await server.status(with: signed.token) == 401)
            #expect(try await server.status(with: signed.secret) == 401)
        }
    }

    @Test("who the client is must be said, once, and rightly")
    func credentials() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let open = try await server.addApp("Open", isConfidential: false)
            let code = try await server.code(app)
            let id = app.clientID
            let secret = try #require(app.clientSecret)
            let bodies: [[String: String?]] = [
                [:], ["client_id": id], ["client_id": id, "client_secret": ""],
                ["client_id": id, "client_secret": "x"],
                ["client_id": "nobody", "client_secret": secret], ["client_secret": secret],
                ["client_id": open.clientID, "client_secret": "x"],
            ]
            for body in bodies {
                let answer = try await server.redeem(code, as: nil, body)
                #expect(answer.isOAuthError("unauthorized_client", "Missing valid authorization header", status: 401))
                #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
            }
            let mixed = try await server.redeem(code, as: app, ["client_id": open.clientID])
            #expect(mixed.isOAuthError("unauthorized_client", status: 401))
            let differing = try await server.redeem(code, as: app, ["client_secret": "x"])
            #expect(differing.isOAuthError("unauthorized_client", status: 401))
            for header in [
                "Basic", "Basic ?", "Basic " + "bm9jb2xvbg==", server.basic(id, ""), server.basic("", secret),
            ] {
                let answer = try await server.send(
                    .post, "/2/oauth2/token", .form("grant_type=client_credentials"), token: .none,
                    headers: [.authorization: header])
                #expect(answer.isOAuthError("unauthorized_client", status: 401))
            }
            // Not in the address, which everybody logs.
            let inQuery = try await server.send(
                .post, "/2/oauth2/token?client_id=\(id)&client_secret=\(secret)",
                .form("grant_type=client_credentials"), token: .none)
            #expect(inQuery.isOAuthError("unauthorized_client", status: 401))
            #expect(try await server.redeem(code, as: app).status == 200)
        }
    }

    @Test("an app-only bearer has those of the app's scopes that read; its secret's rotation ends it")
    func appOnly() async throws {
        try await RouteFixture.run { server in
            let writer = try await server.addApp("writer", scopes: [.mediaWrite])
            let refused = try await server.post(["grant_type": "client_credentials"], as: writer)
            #expect(refused.status == 400, "\(refused.text)")
            let reader = try await server.addApp("reader", scopes: [.mediaWrite, .usersRead])
            let answer = try await server.post(["grant_type": "client_credentials"], as: reader)
            #expect(answer.json["scope"]?.stringValue == "users.read")
            let token = try #require(answer.json["access_token"]?.stringValue)
            #expect(try await server.identity.authenticate(token) != nil)
            let app = try #require(
                try await server.oauth.apps.authenticate(clientID: reader.clientID, secret: reader.clientSecret))
            _ = try await server.oauth.apps.rotate(app)
            server.identity.forgetAnswers()
            #expect(try await server.identity.authenticate(token) == nil)
        }
    }

    @Test("many parameters, one of them twice, are refused in no time")
    func repeatedParameter() async throws {
        try await RouteFixture.run { server in
            let many = (0..<50_000).map { "p\($0)=1" }.joined(separator: "&") + "&p0=2"
            let began = ContinuousClock.now
            let answer = try await server.send(.post, "/2/oauth2/token", .form(many), token: .none)
            #expect(answer.isOAuthError("invalid_request", status: 400))
            // A second or so; it was minutes when each name was compared with all others.
            #expect(ContinuousClock.now - began < .seconds(20))
        }
    }

    @Test("a rotated secret is good for nothing, and a removed app's tokens neither")
    func rotated() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let record = try #require(try await server.oauth.apps.app(clientID: app.clientID))
            let token = try #require(try await server.redeem(server.code(app), as: app).member("access_token"))
            let renewed = try #require(try await server.oauth.apps.rotate(record))
            #expect(renewed.clientID == app.clientID)
            let former = try await server.post(["grant_type": "client_credentials"], as: app)
            #expect(former.isOAuthError("unauthorized_client", status: 401))
            #expect(try await server.post(["grant_type": "client_credentials"], as: renewed).status == 200)
            #expect(try await server.status(with: token) == 200)
            #expect(try await server.oauth.apps.remove(record))
            server.clock.advance(by: .seconds(1))
            #expect(try await server.status(with: token) == 401)
        }
    }

    @Test("malformed requests are refused in the form of the RFC")
    func malformed() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp()
            let open = try await server.addApp("Open", isConfidential: false)
            let headers: HTTPFields = [.authorization: server.basic(app.clientID, app.clientSecret ?? "")]
            let cases: [(Sent, String)] = [
                (.form(""), "invalid_request"), (.form("grant_type="), "invalid_request"),
                (.form("grant_type=password&username=carol&password=x"), "unsupported_grant_type"),
                (.form("grant_type=implicit"), "unsupported_grant_type"),
                (.form("grant_type=client_credentials&grant_type=client_credentials"), "invalid_request"),
                (.form("grant_type=refresh_token"), "invalid_request"),
                (.form("grant_type=refresh_token&refresh_token=x&scope=root"), "invalid_scope"),
                (.form("grant_type=authorization_code"), "invalid_request"),
                (.json("[]"), "invalid_request"), (.json("{"), "invalid_request"),
                (.json(#"{"grant_type":1}"#), "invalid_request"),
                (.multipart([.field("grant_type", "client_credentials")]), "invalid_request"),
            ]
            for (body, error) in cases {
                let answer = try await server.send(.post, "/2/oauth2/token", body, token: .none, headers: headers)
                #expect(answer.isOAuthError(error), "\(body): \(answer.text)")
            }
            let publicOnly = try await server.post(["grant_type": "client_credentials", "client_id": open.clientID])
            #expect(publicOnly.isOAuthError("unauthorized_client"))
            #expect(try await server.send(.get, "/2/oauth2/token", token: .none).status == 405)
        }
    }

    @Test("of many exchanges of one code at once one succeeds, and its tokens are taken away")
    func race() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let code = try await server.code(app)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<20 { group.addTask { try await server.redeem(code, as: app) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let given = answers.filter { $0.status == 200 }
            #expect(given.count == 1)
            #expect(try await server.status(with: try #require(given.first?.member("access_token"))) == 401)
        }
    }
}
