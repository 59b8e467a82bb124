import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Bearer tokens (RFC 6750)", .timeLimit(.minutes(1)))
struct AuthenticationTests {
    @Test(
        "No token is 401 in X's words and with a bare challenge",
        arguments: [
            [:], ["Authorization": "Basic YTpi"], ["Authorization": "Bearerx abc"],
        ])
    func absent(headers: [String: String]) async throws {
        try await TestServer.run { server in
            let answer = try await server.request("POST", "/user", headers: headers)
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"] == "Bearer")
            #expect(answer["content-type"] == "application/problem+json")
            #expect(
                answer.body == #"{"detail":"Unauthorized","status":401,"title":"Unauthorized","type":"about:blank"}"#)
        }
    }

    @Test(
        "A token that nobody has is 401 with invalid_token",
        arguments: [
            "Bearer nobodys", "bearer nobodys", "Bearer", "Bearer  ", "Bearer " + String(repeating: "a", count: 10_000),
        ])
    func invalid(header: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.request("POST", "/user", headers: ["Authorization": header])
            #expect(answer.status == 401)
            #expect(answer["www-authenticate"] == #"Bearer error="invalid_token""#)
            #expect(try await server.request("GET", "/open", headers: ["Authorization": header]).status == 200)
        }
    }

    @Test("A user's token with the scope names the user", arguments: ["Bearer ", "bearer  ", "BEARER "])
    func valid(scheme: String) async throws {
        try await TestServer.run { server in
            let token = try await server.tokens.token(user: 42, scopes: [.mediaWrite])
            let headers = ["Authorization": scheme + token]
            #expect(try await server.request("POST", "/user", headers: headers).body == #"{"id":"42"}"#)
            #expect(try await server.request("GET", "/open", headers: headers).body == #"{"user":"42"}"#)
        }
    }

    @Test("A missing scope is 403 in X's frame and is named")
    func missingScope() async throws {
        try await TestServer.run { server in
            let token = try await server.tokens.token(user: 42, scopes: [.tweetRead, .usersRead])
            let answer = try await server.request("POST", "/user", headers: ["Authorization": "Bearer \(token)"])
            #expect(answer.status == 403)
            #expect(
                answer.body
                    == #"{"detail":"Forbidden","missing_scopes":["media.write"],"status":403,"title":"Forbidden","type":"about:blank"}"#
            )
            #expect(answer["www-authenticate"] == #"Bearer error="insufficient_scope", scope="media.write""#)
        }
    }

    @Test("An app-only bearer is 403 where a user is needed, in X's words, and good elsewhere")
    func appOnly() async throws {
        try await TestServer.run { server in
            let token = try await server.tokens.token(user: nil, scopes: [.mediaWrite, .tweetRead])
            let headers = ["Authorization": "Bearer \(token)"]
            let answer = try await server.request("POST", "/user", headers: headers)
            #expect(answer.status == 403)
            let problem = try answer.problem
            #expect(problem.title == "Unsupported Authentication")
            #expect(problem.type == "https://api.x.com/2/problems/unsupported-authentication")
            #expect(
                problem.detail
                    == "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported "
                    + "authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].")
            #expect(try await server.request("GET", "/any", headers: headers).status == 200)
        }
    }

    @Test("A catalog that does not answer is 503, not 401")
    func storeDown() async throws {
        try await TestServer.run { server in
            let token = try await server.tokens.token(user: 42, scopes: [.mediaWrite])
            server.tokens.fail(.unavailable("/secret"))
            let answer = try await server.request("POST", "/user", headers: ["Authorization": "Bearer \(token)"])
            #expect(answer.status == 503)
            #expect(answer["retry-after"] != nil)
            #expect(!answer.body.contains("secret"))
        }
    }
}

@Suite("CORS", .timeLimit(.minutes(1)))
struct CORSTests {
    private let preflight = ["Origin": "https://app.example", "Access-Control-Request-Method": "POST"]

    @Test("An allowed origin's preflight is answered on every path", arguments: [["https://app.example"], ["*"]])
    func allowed(origins: [String]) async throws {
        let preflight = preflight
        try await TestServer.run(ServerSettings(corsOrigins: origins)) { server in
            for path in ["/read", "/user", "/items/1"] {
                let answer = try await server.request("OPTIONS", path, headers: preflight)
                #expect(answer.status == 204)
                #expect(answer["access-control-allow-origin"] == (origins == ["*"] ? "*" : "https://app.example"))
                #expect(answer["access-control-allow-headers"]?.contains("authorization") == true)
                #expect(answer["access-control-allow-methods"]?.contains("POST") == true)
                #expect(answer["access-control-allow-credentials"] == nil)
            }
            let answer = try await server.request("GET", "/nowhere", headers: ["Origin": "https://app.example"])
            #expect(answer["access-control-allow-origin"] != nil)
            #expect(answer["access-control-expose-headers"]?.contains("x-transaction-id") == true)
            #expect((answer["vary"] == "Origin") == (origins != ["*"]))
        }
    }

    @Test(
        "Other origins get nothing",
        arguments: [
            "https://app.example.evil", "http://app.example", "https://app.example:8443", "null", "*",
        ])
    func refused(origin: String) async throws {
        try await TestServer.run(ServerSettings(corsOrigins: ["https://app.example"])) { server in
            let preflight = try await server.request(
                "OPTIONS", "/hello", headers: ["Origin": origin, "Access-Control-Request-Method": "GET"])
            #expect(preflight.status == 405)
            #expect(preflight["access-control-allow-origin"] == nil)
            let answer = try await server.request("GET", "/hello", headers: ["Origin": origin])
            #expect(answer.status == 200)
            #expect(answer["access-control-allow-origin"] == nil)
            #expect(answer["vary"] == "Origin")
        }
    }

    @Test("Without --cors-origin no answer speaks of origins")
    func off() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("GET", "/hello", headers: ["Origin": "https://app.example"])
            #expect(answer.headers.allSatisfy { !$0.name.hasPrefix("access-control") && $0.name != "vary" })
        }
    }
}
