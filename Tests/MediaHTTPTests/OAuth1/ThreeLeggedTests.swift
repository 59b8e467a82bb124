import HTTPTypes
import MediaCore
import NIOCore
import OAuth
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Three-legged OAuth 1.0a (RFC 5849 §2)")
struct ThreeLeggedTests {
    private let callback = "https://app.example/done"

    /// The app alone, without a token.
    private func app(_ server: RouteFixture, _ name: String = "app") async throws -> SignedClient {
        var client = try await server.signedClient(name, redirectURIs: [callback, "http://127.0.0.1/done"])
        client.token = nil
        client.tokenSecret = ""
        return client
    }

    private func requestToken(
        _ server: RouteFixture, _ client: SignedClient, callback: String
    ) async throws -> SignedClient {
        let answer = try await server.sendSigned(
            .post, "/oauth/request_token", by: client, Signing(more: [("oauth_callback", callback)]))
        try #require(answer.status == 200, "\(answer.text) \(answer.headers)")
        #expect(answer.form["oauth_callback_confirmed"] == "true")
        #expect(answer.headers[.cacheControl] == "no-store")
        var client = client
        client.token = answer.form["oauth_token"]
        client.tokenSecret = answer.form["oauth_token_secret"] ?? ""
        return client
    }

    private static func user(_ server: RouteFixture) -> User {
        User(id: server.alice, name: "alice", username: "alice")
    }

    /// Alice says yes; the verifier.
    private func allow(_ server: RouteFixture, _ client: SignedClient) async throws -> String {
        let token = client.token ?? ""
        let consent = try #require(try await server.oauth.oauth1.consent(requestToken: token))
        switch try await server.oauth.oauth1.allow(consent, requestToken: token, user: Self.user(server)) {
        case .pin(let pin)?: return pin
        case .redirect(let address)?:
            #expect(address.hasPrefix("\(callback)?oauth_token=\(token)&oauth_verifier="))
            return address.split(separator: "=").last.map(String.init) ?? ""
        case nil: return ""
        }
    }

    private func exchange(
        _ server: RouteFixture, _ client: SignedClient, verifier: String
    ) async throws -> Answer {
        try await server.sendSigned(
            .post, "/oauth/access_token", by: client, Signing(more: [("oauth_verifier", verifier)]))
    }

    @Test("request token, consent, access token, request; with an address and with a PIN", arguments: [true, false])
    func flow(usesPIN: Bool) async throws {
        try await RouteFixture.run { server in
            var client = try await requestToken(
                server, app(server), callback: usesPIN ? "oob" : callback)
            let verifier = try await allow(server, client)
            if usesPIN {
                #expect(verifier.utf8.count == 7)
                #expect(verifier.utf8.allSatisfy { (0x30...0x39).contains($0) })
            }
            let answer = try await exchange(server, client, verifier: verifier)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.form["user_id"] == "\(server.alice)")
            #expect(answer.form["screen_name"] == "alice")
            #expect(answer.form["oauth_token"]?.hasPrefix("\(server.alice)-") == true)
            client.token = answer.form["oauth_token"]
            client.tokenSecret = answer.form["oauth_token_secret"] ?? ""
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).id == "\(server.alice)")
            let grants = try await server.catalog.grants(of: server.alice)
            #expect(grants.count == 1)
            let log = try await server.catalog.auditEntries(of: server.alice, olderThan: nil, limit: 10)
            #expect(log.map(\.event) == [.tokenCreated, .grantGiven])
        }
    }

    @Test(
        "an app that may write asks for reading alone: the token reads, and stays so; more than the app's is not to be had"
    )
    func accessType() async throws {
        try await RouteFixture.run { server in
            let client = try await app(server)
            for (asked, writes) in [("read", false), ("write", true), ("", true)] {
                let answer = try await server.sendSigned(
                    .post, "/oauth/request_token", by: client,
                    Signing(more: [("oauth_callback", callback), ("x_auth_access_type", asked)]))
                var signed = client
                signed.token = answer.form["oauth_token"]
                signed.tokenSecret = answer.form["oauth_token_secret"] ?? ""
                let consent = try #require(try await server.oauth.oauth1.consent(requestToken: signed.token ?? ""))
                #expect(consent.permission == (writes ? .readWrite : .read))
                let exchanged = try await exchange(server, signed, verifier: allow(server, signed))
                signed.token = exchanged.form["oauth_token"]
                signed.tokenSecret = exchanged.form["oauth_token_secret"] ?? ""
                #expect(try await server.sendSigned(.get, "/2/users/me", by: signed).status == 200)
                let post = try await server.sendSigned(.post, "/2/tweets", .json(#"{"text":"\#(asked)!"}"#), by: signed)
                #expect(post.status == (writes ? 201 : 403), "\(asked): \(post.text)")
            }
            let granted = try await server.catalog.grants(of: server.alice).map(\.scopes)
            #expect(granted == [Scope.reading, Scope.effective, Scope.effective])
            let unknown = try await server.sendSigned(
                .post, "/oauth/request_token?x_auth_access_type=all", by: client,
                Signing(more: [("oauth_callback", callback)]))
            #expect(unknown.status == 400)
            #expect(unknown.code == 44)
            var reader = try await server.signedClient("reader", permission: .read, redirectURIs: [callback])
            (reader.token, reader.tokenSecret) = (nil, "")
            let more = try await server.sendSigned(
                .post, "/oauth/request_token", by: reader,
                Signing(more: [("oauth_callback", callback), ("x_auth_access_type", "write")]))
            let token = more.form["oauth_token"] ?? ""
            #expect(try await server.oauth.oauth1.consent(requestToken: token)?.permission == .read)
        }
    }

    /// xdk sends its parameters in the query and signs `oauth_token`, which stands in header and query, once.
    @Test("xdk's way: parameters in the query")
    func xdk() async throws {
        try await RouteFixture.run { server in
            var client = try await app(server)
            let path = "/oauth/request_token?oauth_callback=https%3A%2F%2Fapp.example%2Fdone"
            let first = try await server.sendSigned(
                .post, path, by: client, Signing(origin: "https://api.x.com"))
            #expect(first.status == 200, "\(first.text)")
            client.token = first.form["oauth_token"]
            client.tokenSecret = first.form["oauth_token_secret"] ?? ""
            let verifier = try await allow(server, client)
            let header = server.authorization(
                .post, "/oauth/access_token?oauth_verifier=\(verifier)", by: client,
                Signing(origin: "https://api.x.com"))
            let second = try await server.send(
                .post, "/oauth/access_token?oauth_token=\(client.token ?? "")&oauth_verifier=\(verifier)", token: .none,
                headers: [.authorization: header])
            #expect(second.status == 200, "\(second.text)")
        }
    }

    @Test("an address that the app has not registered gets no request token")
    func callbacks() async throws {
        try await RouteFixture.run { server in
            let client = try await app(server)
            for (callback, status) in [
                ("https://app.example/done", 200), ("http://127.0.0.1:5123/done", 200), ("oob", 200),
                ("https://app.example/done/", 403), ("https://app.example/done?x=1", 403),
                ("https://app.example.evil.example/done", 403), ("https://evil.example", 403),
                ("javascript:alert(1)", 403), ("", 403), ("OOB", 403),
            ] {
                let answer = try await server.sendSigned(
                    .post, "/oauth/request_token", by: client, Signing(more: [("oauth_callback", callback)]))
                #expect(answer.status == status, "\(callback): \(answer.text)")
                if status == 403 { #expect(answer.code == 415) }
            }
            let without = try await server.sendSigned(.post, "/oauth/request_token", by: client)
            #expect(without.status == 400)
            #expect(without.code == 38)
        }
    }

    @Test("a request token is exchanged once, by its app, after consent, with its verifier")
    func exchanges() async throws {
        try await RouteFixture.run { server in
            let client = try await requestToken(server, app(server), callback: callback)
            let early = try await exchange(server, client, verifier: "x")
            #expect(early.status == 401)
            #expect(early.oauthProblem == "token_rejected")
            let verifier = try await allow(server, client)
            #expect(try await server.oauth.oauth1.consent(requestToken: client.token ?? "") == nil)
            let wrong = try await exchange(server, client, verifier: "wrong")
            #expect(wrong.oauthProblem == "verifier_invalid")
            let without = try await server.sendSigned(.post, "/oauth/access_token", by: client)
            #expect(without.status == 400)
            #expect(without.code == 38)
            // Another app that came by token and secret.
            var thief = try await app(server, "thief")
            thief.token = client.token
            thief.tokenSecret = client.tokenSecret
            #expect(try await exchange(server, thief, verifier: verifier).oauthProblem == "token_rejected")
            // Somebody who saw the redirect, but has no secret.
            var eavesdropper = client
            eavesdropper.tokenSecret = ""
            #expect(try await exchange(server, eavesdropper, verifier: verifier).oauthProblem == "signature_invalid")
            #expect(try await exchange(server, client, verifier: verifier).status == 200)
            #expect(try await exchange(server, client, verifier: verifier).oauthProblem == "token_rejected")
        }
    }

    @Test("a request token is no access token, and an access token no request token")
    func kinds() async throws {
        try await RouteFixture.run { server in
            let client = try await requestToken(server, app(server), callback: "oob")
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).oauthProblem == "token_rejected")
            let full = try await server.signedClient("full")
            #expect(try await exchange(server, full, verifier: "x").oauthProblem == "token_rejected")
            let again = try await server.sendSigned(
                .post, "/oauth/request_token", by: full, Signing(more: [("oauth_callback", "oob")]))
            #expect(again.oauthProblem == "token_rejected")
        }
    }

    @Test("five wrong PINs end a request token")
    func guesses() async throws {
        try await RouteFixture.run { server in
            let client = try await requestToken(server, app(server), callback: "oob")
            let pin = try await allow(server, client)
            let wrong = pin == "0000000" ? "0000001" : "0000000"
            for _ in 0..<5 {
                #expect(try await exchange(server, client, verifier: wrong).oauthProblem == "verifier_invalid")
            }
            #expect(try await exchange(server, client, verifier: pin).oauthProblem == "token_rejected")
        }
    }

    @Test("a request token expires, before consent and after")
    func expiry() async throws {
        try await RouteFixture.run { server in
            let client = try await requestToken(server, app(server), callback: "oob")
            let other = try await requestToken(server, app(server, "other"), callback: "oob")
            let pin = try await allow(server, client)
            server.clock.advance(by: OAuth1Service.requestTokenLifetime)
            #expect(try await exchange(server, client, verifier: pin).oauthProblem == "token_rejected")
            #expect(try await server.oauth.oauth1.consent(requestToken: other.token ?? "") == nil)
        }
    }

    @Test("who refuses is sent back without a verifier, and the request token is gone")
    func denied() async throws {
        try await RouteFixture.run { server in
            let client = try await requestToken(server, app(server), callback: callback)
            let token = client.token ?? ""
            let consent = try #require(try await server.oauth.oauth1.consent(requestToken: token))
            #expect(try await server.oauth.oauth1.deny(consent, requestToken: token) == "\(callback)?denied=\(token)")
            #expect(try await server.oauth.oauth1.allow(consent, requestToken: token, user: Self.user(server)) == nil)
            #expect(try await exchange(server, client, verifier: "x").oauthProblem == "token_rejected")
        }
    }

    @Test("a request without a signature, or with a bad one, gets X's answer")
    func unsigned() async throws {
        try await RouteFixture.run { server in
            for path in ["/oauth/request_token", "/oauth/access_token"] {
                let none = try await server.send(.post, path, token: .none)
                #expect(none.status == 400)
                #expect(none.code == 215)
                let bearer = try await server.send(.post, path)
                #expect(bearer.status == 400)
                var client = try await app(server, "app of \(path)")
                client.consumerSecret = "wrong"
                let wrong = try await server.sendSigned(.post, path, by: client)
                #expect(wrong.status == 401)
                #expect(wrong.code == (path.contains("request") ? 32 : 89))
                let get = try await server.sendSigned(.get, path, by: client)
                #expect(get.status == 405)
            }
        }
    }

    @Test(
        "a client ends its token, at once, with all that came of the consent",
        arguments: ["/1.1/oauth/invalidate_token", "/1.1/oauth/invalidate_token.json"])
    func invalidate(path: String) async throws {
        try await RouteFixture.run { server in
            let client = try await server.signedClient()
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).status == 200)
            let answer = try await server.sendSigned(.post, path, by: client)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json == .object(["access_token": .string(client.token ?? "")]))
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).oauthProblem == "token_rejected")
            let again = try await server.sendSigned(.post, path, by: client)
            #expect(again.status == 401)
            #expect(again.code == 89)
            let bearer = try await server.send(.post, path)
            #expect(bearer.status == 400)
            #expect(try await server.send(.post, path, token: .none).status == 400)
        }
    }
}
