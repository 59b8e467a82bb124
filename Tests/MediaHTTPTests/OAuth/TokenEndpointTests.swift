import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("The token endpoint (RFC 6749 §4.1.3, §6, §4.4; RFC 7009)")
struct TokenEndpointTests {
    @Test("a code becomes tokens that work, in a form or in JSON, with Basic or in the body")
    func exchange() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let open = try await server.addApp("Open", isConfidential: false)
            let body: [String: String?] = ["client_id": app.clientID, "client_secret": app.clientSecret]
            let answers = [
                try await server.redeem(server.code(app), as: app),
                try await server.redeem(server.code(app), as: nil, body),
                try await server.redeem(server.code(app), as: app, body),
                try await server.redeem(server.code(open), as: nil, ["client_id": open.clientID]),
                try await server.json(server.code(app), as: app),
            ]
            for answer in answers {
                #expect(answer.status == 200)
                #expect(answer.headers[.cacheControl] == "no-store")
                #expect(answer.headers[HTTPField.Name("pragma")!] == "no-cache")
                #expect(answer.member("token_type") == "bearer")
                #expect(answer.json["expires_in"] == .integer(7200))
                #expect(answer.member("scope") == "offline.access tweet.read users.read")
                #expect(answer.member("refresh_token") != nil)
                #expect(try await server.status(with: try #require(answer.member("access_token"))) == 200)
            }
            #expect(Set(answers.compactMap { $0.member("access_token") }).count == 5)
        }
    }

    @Test("without offline.access there is no refresh token, and the token has the scopes that were allowed")
    func scopes() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let answer = try await server.redeem(server.code(app, ["scope": "tweet.read"]), as: app)
            #expect(answer.member("refresh_token") == nil)
            #expect(answer.member("scope") == "tweet.read")
            #expect(try await server.status(with: try #require(answer.member("access_token"))) == 403)
        }
    }

    @Test("an access token ends after two hours")
    func expiry() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let token = try #require(try await server.redeem(server.code(app), as: app).member("access_token"))
            server.clock.advance(by: .seconds(7200) - .milliseconds(1))
            #expect(try await server.status(with: token) == 200)
            server.clock.advance(by: .milliseconds(1))
            #expect(try await server.status(with: token) == 401)
        }
    }

    @Test("refreshing gives the next pair; the scopes may be fewer, never more")
    func refresh() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let first = try await server.redeem(server.code(app), as: app)
            let spent = try #require(first.member("refresh_token"))
            let wider = try await server.refresh(spent, as: app, ["scope": "tweet.read media.write"])
            #expect(wider.isOAuthError("invalid_scope"))
            let second = try await server.refresh(spent, as: app, ["scope": "tweet.read"])
            #expect(second.status == 200)
            #expect(second.member("scope") == "tweet.read")
            let next = try #require(second.member("refresh_token"))
            #expect(next != spent)
            let third = try await server.refresh(next, as: app)
            #expect(third.member("scope") == "offline.access tweet.read users.read")
            #expect(try await server.status(with: try #require(third.member("access_token"))) == 200)
        }
    }

    @Test("a refresh token ends after six months")
    func refreshExpiry() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let token = try #require(try await server.redeem(server.code(app), as: app).member("refresh_token"))
            server.clock.advance(by: AuthorizationService.refreshLifetime)
            let answer = try await server.refresh(token, as: app)
            #expect(answer.isOAuthError("invalid_request", "Value passed for the token was invalid."))
        }
    }

    @Test("app-only: read what everybody may read, for two hours; the older way for ever")
    func appOnly() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp()
            let answer = try await server.post(["grant_type": "client_credentials"], as: app)
            #expect(answer.status == 200)
            #expect(answer.json["expires_in"] == .integer(7200))
            let token = try #require(answer.member("access_token"))
            #expect(try await server.status(with: token) == 403)
            let lookup: HTTPFields = [.authorization: "Bearer \(token)"]
            #expect(try await server.send(.get, "/2/tweets?ids=1", token: .none, headers: lookup).status == 200)
            let consumer: HTTPFields = [.authorization: server.basic(app.consumerKey, app.consumerSecret)]
            let old = try await server.send(
                .post, "/oauth2/token", .form("grant_type=client_credentials"), token: .none, headers: consumer)
            #expect(old.status == 200)
            #expect(old.json["expires_in"] == nil)
            let bearer = try #require(old.member("access_token"))
            // X: the same one until it is invalidated.
            let again = try await server.send(
                .post, "/oauth2/token", .form("grant_type=client_credentials"), token: .none, headers: consumer)
            #expect(again.text == old.text)
            server.clock.advance(by: .seconds(10 * 365 * 86400))
            let headers: HTTPFields = [.authorization: "Bearer \(bearer)"]
            #expect(try await server.send(.get, "/2/tweets?ids=1", token: .none, headers: headers).status == 200)
            #expect(try await server.send(.get, "/2/tweets?ids=1", token: .none, headers: lookup).status == 401)
            // It is taken back the same way.
            let gone = try await server.send(
                .post, "/oauth2/invalidate_token", .form("access_token=\(bearer)"), token: .none, headers: consumer)
            #expect(gone.status == 200)
            #expect(gone.member("access_token") == bearer)
            #expect(try await server.send(.get, "/2/tweets?ids=1", token: .none, headers: headers).status == 401)
            let next = try await server.send(
                .post, "/oauth2/token", .form("grant_type=client_credentials"), token: .none, headers: consumer)
            #expect(next.status == 200)
            #expect(next.text != old.text)
        }
    }

    @Test("the older way refuses credentials as X does: 403 with code 99")
    func olderRefusal() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp()
            for header in [server.basic(app.consumerKey, "wrong"), server.basic("nobody", "x"), "Basic ?", "Bearer x"] {
                let answer = try await server.send(
                    .post, "/oauth2/token", .form("grant_type=client_credentials"), token: .none,
                    headers: [.authorization: header])
                #expect(answer.status == 403 || answer.isOAuthError("unauthorized_client", status: 401))
                #expect(answer.member("access_token") == nil)
            }
            let answer = try await server.send(
                .post, "/oauth2/token", .form("grant_type=client_credentials"), token: .none,
                headers: [.authorization: server.basic(app.consumerKey, "wrong")])
            #expect(answer.firstError["code"] == .integer(99))
        }
    }

    @Test("revoking an access token leaves the refresh token; revoking that ends all; unknown ones are fine")
    func revoke() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let first = try await server.redeem(server.code(app), as: app)
            let access = try #require(first.member("access_token"))
            let refresh = try #require(first.member("refresh_token"))
            let answer = try await server.post("/2/oauth2/revoke", ["token": access, "token_type_hint": "x"], as: app)
            #expect(answer.status == 200)
            #expect(answer.json == .object(["revoked": .bool(true)]))
            #expect(try await server.status(with: access) == 401)
            let second = try await server.refresh(refresh, as: app)
            let next = try #require(second.member("refresh_token"))
            let last = try #require(second.member("access_token"))
            #expect(try await server.status(with: last) == 200)
            #expect(try await server.post("/2/oauth2/revoke", ["token": next], as: app).status == 200)
            #expect(try await server.status(with: last) == 401)
            #expect(try await server.refresh(next, as: app).isOAuthError("invalid_request"))
            for token in ["nobody's", access, next] {
                #expect(try await server.post("/2/oauth2/revoke", ["token": token], as: app).status == 200)
            }
            #expect(
                try await server.post("/2/oauth2/revoke", [:], as: app)
                    .isOAuthError("invalid_request", "Missing required parameter [token]."))
        }
    }

    @Test("invalidate_token takes an access token back")
    func invalidate() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let token = try #require(try await server.redeem(server.code(app), as: app).member("access_token"))
            let answer = try await server.post("/2/oauth2/invalidate_token", ["access_token": token], as: app)
            #expect(answer.member("access_token") == token)
            #expect(try await server.status(with: token) == 401)
        }
    }

    @Test("the metadata say where everything is")
    func metadata() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, "/.well-known/oauth-authorization-server", token: .none)
            #expect(answer.status == 200)
            #expect(answer.member("issuer") == "https://media.example")
            for (name, path) in [
                ("authorization_endpoint", "/i/oauth2/authorize"), ("token_endpoint", "/2/oauth2/token"),
                ("revocation_endpoint", "/2/oauth2/revoke"),
            ] {
                #expect(answer.member(name) == "https://media.example" + path)
                let method: HTTPRequest.Method = name == "authorization_endpoint" ? .get : .post
                #expect(try await server.send(method, path, token: .none).status != 404)
            }
            #expect(answer.json["authorization_response_iss_parameter_supported"] == .bool(true))
            #expect(answer.json["code_challenge_methods_supported"] == .array([.string("S256"), .string("plain")]))
        }
    }
}

extension RouteFixture {
    func refresh(_ token: String, as app: AppCredentials, _ extra: [String: String] = [:]) async throws -> Answer {
        let fields = ["grant_type": "refresh_token", "refresh_token": token].merging(extra) { $1 }
        return try await post(fields, as: app)
    }

    /// As node-twitter-api-v2 does: JSON, with the credentials in it and in the header.
    fileprivate func json(_ code: String, as app: AppCredentials) async throws -> Answer {
        let body = """
            {"grant_type":"authorization_code","code":"\(code)","redirect_uri":"\(Self.redirect)",\
            "code_verifier":"\(Self.verifier)","client_id":"\(app.clientID)","client_secret":"\(app.clientSecret ?? "")"}
            """
        return try await send(
            .post, "/2/oauth2/token", .json(body), token: .none,
            headers: [.authorization: basic(app.clientID, app.clientSecret ?? "")])
    }
}
