import HTTPTypes
import MediaCore
import NIOCore
import OAuth
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Signed requests (RFC 5849 §3)")
struct OAuth1RequestTests {
    private let me = "/1.1/account/verify_credentials.json"

    @Test("who signed is who asks, on routes of either version")
    func user() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let v2 = try await server.sendSigned(.get, "/2/users/me", by: client)
            #expect(v2.status == 200, "\(v2.text) \(v2.headers)")
            #expect(v2.id == "\(server.alice)")
            let v11 = try await server.sendSigned(.get, "\(me)?skip_status=true", by: client)
            #expect(v11.json["id_str"] == .string("\(server.alice)"))
        }
    }

    @Test(
        "a client may have signed the server's address, or one of X's",
        arguments: [
            ("https://media.example", true), ("https://MEDIA.example:443", true), ("https://api.x.com", true),
            ("https://api.twitter.com", true), ("https://upload.twitter.com", true), ("https://upload.x.com", true),
            ("http://media.example", false), ("https://evil.example", false), ("http://api.x.com", false),
            ("https://media.example:8443", false), ("http://localhost:8080", false),
        ])
    func origins(origin: String, isTaken: Bool) async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let answer = try await server.sendSigned(
                .get, "/2/users/me", by: client, Signing(origin: origin))
            #expect(answer.status == (isTaken ? 200 : 401))
            #expect(answer.oauthProblem == (isTaken ? nil : "signature_invalid"))
        }
    }

    @Test("a form is signed with its body, and the route still reads it; below /2/ xurl signs without")
    func form() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let path = "/1.1/statuses/update.json?trim_user=1"
            let answer = try await server.sendSigned(.post, path, .form("status=Hello%20%2B%21"), by: client)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["text"] == .string("Hello +!"))
            let unsigned = Signing(signsForm: false)
            let refused = try await server.sendSigned(.post, path, .form("status=Hello"), by: client, unsigned)
            #expect(refused.status == 401)
            #expect(refused.oauthProblem == "signature_invalid")
            for (number, signsForm) in [true, false].enumerated() {
                let form = Sent.form("command=INIT&media_type=video%2Fmp4&total_bytes=\(5 + number)")
                let taken = try await server.sendSigned(
                    .post, "/2/media/upload", form, by: client, Signing(signsForm: signsForm))
                #expect(taken.status == 200, "\(taken.text)")
            }
            let signed = server.authorization(
                .post, "/1.1/statuses/update.json", .form("status=mine"), by: client)
            let changed = try await server.send(
                .post, "/1.1/statuses/update.json", .form("status=yours"), token: .none,
                headers: [.authorization: signed])
            #expect(changed.status == 401)
            #expect(changed.code == 32)
        }
    }

    @Test("a multipart body is not signed and not collected; the query beside it may be signed or not")
    func multipart() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let begun = try await server.sendSigned(
                .post, "/2/media/upload/initialize", .json(#"{"media_category":"tweet_video"}"#), by: client)
            #expect(begun.status == 200, "\(begun.text)")
            // More than a small body may have.
            let content = RouteFixture.bytes(3 << 20)
            for (index, signsQuery) in [true, false].enumerated() {
                let appended = try await server.sendSigned(
                    .post, "/1.1/media/upload.json?command=APPEND&media_id=\(begun.id)&segment_index=\(index)",
                    .multipart([.media(content)]), by: client, Signing(signsQuery: signsQuery))
                #expect(appended.status == 204, "\(appended.text)")
            }
            #expect(try await server.segments(begun.id).map(\.size) == [3 << 20, 3 << 20])
            let json = try await server.sendSigned(
                .get, "/2/media/upload?media_id=\(begun.id)", by: client, Signing(signsQuery: false))
            #expect(json.status == 401)
        }
    }

    @Test("a form that is too large to be signed is refused as such")
    func largeForm() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let form = Sent.form("status=" + String(repeating: "A", count: 1 << 20))
            for path in ["/1.1/statuses/update.json", "/2/media/upload"] {
                let answer = try await server.sendSigned(.post, path, form, by: client)
                #expect(answer.status == 413)
                #expect(answer.code == (path.hasPrefix("/1.1") ? 214 : nil))
            }
        }
    }

    @Test("a repetition is refused; other requests with the same nonce and second are not")
    func replay() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let header = server.authorization(.get, "/2/users/me", by: client, Signing(nonce: "7"))
            for attempt in 0..<3 {
                let answer = try await server.send(
                    .get, "/2/users/me", token: .none, headers: [.authorization: header])
                #expect(answer.status == (attempt == 0 ? 200 : 401))
                #expect(answer.oauthProblem == (attempt == 0 ? nil : "nonce_used"))
            }
            server.clock.advance(by: .seconds(299))
            let late = try await server.send(.get, "/2/users/me", token: .none, headers: [.authorization: header])
            #expect(late.oauthProblem == "nonce_used")
            for query in ["a=1", "a=2"] {
                let answer = try await server.sendSigned(
                    .get, "/2/users/me?\(query)", by: client, Signing(ahead: -299, nonce: "7"))
                #expect(answer.status == 200)
            }
        }
    }

    @Test("the same request a hundred times at once has one effect")
    func race() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let header = server.authorization(.get, "/2/users/me", by: client)
            let taken = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await server.send(.get, "/2/users/me", token: .none, headers: [.authorization: header])
                            .status
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 == 200 ? 1 : 0 }
            }
            #expect(taken == 1)
        }
    }

    @Test(
        "a clock may be five minutes off, not more",
        arguments: [(-301, false), (-300, true), (300, true), (301, false)])
    func timestamps(ahead: Int64, isTaken: Bool) async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let answer = try await server.sendSigned(.get, me, by: client, Signing(ahead: ahead))
            #expect(answer.status == (isTaken ? 200 : 401))
            #expect(answer.oauthProblem == (isTaken ? nil : "timestamp_refused"))
            #expect(answer.code == (isTaken ? nil : 135))
        }
    }

    @Test("what does not belong together signs nothing")
    func credentials() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let other = try await server.signedClient("other")
            var changed: [(SignedClient, String, Int64)] = []
            var wrong = client
            wrong.tokenSecret = other.tokenSecret
            changed.append((wrong, "signature_invalid", 32))
            wrong = client
            wrong.consumerSecret = other.consumerSecret
            changed.append((wrong, "signature_invalid", 32))
            wrong = client
            wrong.consumerKey = "nobody"
            changed.append((wrong, "consumer_key_unknown", 32))
            wrong = client
            wrong.token = "nobody"
            changed.append((wrong, "token_rejected", 89))
            wrong = client
            wrong.token = nil
            wrong.tokenSecret = ""
            changed.append((wrong, "token_rejected", 89))
            // Another app's token, with everything else right.
            wrong = other
            wrong.token = client.token
            wrong.tokenSecret = client.tokenSecret
            changed.append((wrong, "token_rejected", 89))
            // A bearer token is no token of OAuth 1.0a, nor the other way round.
            wrong = client
            wrong.token = server.aliceToken
            changed.append((wrong, "token_rejected", 89))
            for (client, problem, code) in changed {
                let v2 = try await server.sendSigned(.get, "/2/users/me", by: client)
                #expect(v2.status == 401)
                #expect(v2.oauthProblem == problem)
                #expect(v2.json["title"] == .string("Unauthorized"))
                let v11 = try await server.sendSigned(.get, me, by: client)
                #expect(v11.status == 401)
                #expect(v11.code == code)
            }
            let bearer = try await server.send(
                .get, "/2/users/me", token: .none, headers: [.authorization: "Bearer \(client.token ?? "")"])
            #expect(bearer.status == 401)
        }
    }

    @Test("a header that cannot be read is refused, whatever the route")
    func malformed() async throws {
        try await RouteFixture.run { server in
            let long = "OAuth " + String(repeating: "a", count: 5000)
            for header in ["OAuth", "OAuth oauth_consumer_key", "oauth a=\"b\"", long] {
                let v2 = try await server.send(.get, "/2/users/me", token: .none, headers: [.authorization: header])
                #expect(v2.status == 401)
                #expect(v2.oauthProblem == "parameter_rejected")
                let v11 = try await server.send(.get, me, token: .none, headers: [.authorization: header])
                #expect(v11.status == 400)
                #expect(v11.code == 215)
            }
        }
    }

    @Test("a token that an operator revokes, and a removed app's, are refused within a second")
    func revoked() async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).status == 200)
            let record = try #require(
                try await server.catalog.token(digest: Secrets.digest(of: client.token ?? ""), kind: .oauth1))
            #expect(try await server.catalog.revokeToken(record.id, at: server.clock.now))
            server.clock.advance(by: .seconds(1))
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).oauthProblem == "token_rejected")
            let other = try await server.signedClient("other")
            #expect(try await server.sendSigned(.get, "/2/users/me", by: other).status == 200)
            let app = try #require(try await server.oauth.apps.app(named: "other"))
            #expect(try await server.oauth.apps.remove(app))
            server.clock.advance(by: .seconds(1))
            #expect(
                try await server.sendSigned(.get, "/2/users/me", by: other).oauthProblem == "consumer_key_unknown")
        }
    }

    @Test("an app that may only read is refused where something is written", arguments: AccessTests.routes)
    func readOnly(route: AccessTests.Route) async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient(permission: .read)
            let answer = try await server.sendSigned(route.method, route.path, by: client)
            guard !Scope.reading.isSuperset(of: route.scopes) else {
                #expect(answer.status != 401 && answer.status != 403, "\(answer.text)")
                return
            }
            #expect(answer.status == 403)
            #expect(
                answer.json
                    == .object([
                        "title": .string("Forbidden"), "status": .integer(403),
                        "type": .string("https://api.x.com/2/problems/oauth1-permissions"),
                        "detail": .string(
                            "Your client app is not configured with the appropriate oauth1 app permissions for this "
                                + "endpoint."),
                    ]))
        }
    }

    @Test("the same in v1.1", arguments: V11RouteTests.routes)
    func readOnlyV11(route: AccessTests.Route) async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient(permission: .read)
            let answer = try await server.sendSigned(route.method, route.path, by: client)
            guard !Scope.reading.isSuperset(of: route.scopes) else {
                #expect(answer.status == 200)
                return
            }
            #expect(answer.status == 403)
            #expect(answer.code == 261)
        }
    }

    @Test("an app that may write is refused nowhere", arguments: AccessTests.routes + V11RouteTests.routes)
    func readWrite(route: AccessTests.Route) async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            let answer = try await server.sendSigned(route.method, route.path, by: client)
            #expect(answer.status != 401 && answer.status != 403 || answer.code == 170, "\(answer.text)")
        }
    }

    @Test(
        "the Host header counts for the machine's own names only",
        arguments: [
            ("localhost:8080", "http://localhost:8080", true), ("127.0.0.1:80", "http://127.0.0.1:80", true),
            ("[::1]:8080", "http://[::1]:8080", true), ("evil.example", "http://evil.example", false),
            ("evil.example", "https://evil.example", false), ("localhost.evil.example", "x", false),
            ("api.x.com", "https://api.x.com", true), ("evil-api.x.com", "https://evil-api.x.com", false),
        ])
    func hosts(host: String, origin: String, isCandidate: Bool) {
        let origins = SigningOrigins(urls: MediaURLs(base: "https://media.example")).candidates(host: host)
        #expect(origins.contains(origin) == isCandidate)
        #expect(origins.contains("https://media.example"))
        #expect(origins.count <= 6)
    }
}
