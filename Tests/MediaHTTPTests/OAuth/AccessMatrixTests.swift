import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

/// Every route with every kind of token that it must not take, beside ``AccessTests``: there no token, an unknown one, a
/// missing scope and an app-only bearer; here what once was good, what is good for something else, and somebody else's.
@Suite("Every route and every token that is not good for it")
struct AccessMatrixTests {
    /// Tokens that open nothing.
    enum Dead: String, CaseIterable, Sendable {
        case expired, revoked, grantRevoked, refreshToken, oauth1Token, authorizationCode, session, userRemoved,
            appRemoved
    }

    @Test("tokens that are no longer good, or for something else, are 401", arguments: Dead.allCases)
    func dead(_ dead: Dead) async throws {
        try await RouteFixture.run { server in
            let token = try await server.make(dead)
            for route in AccessTests.routes {
                let answer = try await server.send(
                    route.method, route.path, token: .none, headers: [.authorization: "Bearer \(token)"])
                #expect(answer.status == 401, "\(route.testDescription)")
                #expect(answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
            }
        }
    }

    @Test("a token that a user gave an app opens what its scopes say, and no more", arguments: AccessTests.routes)
    func granted(route: AccessTests.Route) async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            let all = ["scope": Scope.effective.text] as [String: String?]
            let whole = try await server.redeem(server.code(app, all), as: app)
            let status = try await server.status(route, whole.member("access_token"))
            #expect(status != 401 && status != 403)
            for scope in route.scopes {
                let fewer = ["scope": Scope.effective.subtracting([scope]).text] as [String: String?]
                let token = try await server.redeem(server.code(app, fewer), as: app).member("access_token")
                #expect(try await server.status(route, token) == 403)
            }
            let appOnly = try await server.post(["grant_type": "client_credentials"], as: app)
            let open = try await server.status(route, appOnly.member("access_token"))
            #expect((open == 403) == !route.takesAppOnly)
        }
    }

    @Test("another user changes nothing of alice's, and does not see what is hers alone")
    func otherUser() async throws {
        try await RouteFixture.run { server in
            let open = try await server.initialize()
            let media = try await server.ready()
            let post = try await server.post("mine", media: [media.id])
            let unposted = try await server.ready()
            let refused: [(HTTPRequest.Method, String, Sent)] = [
                (.get, "/2/media/upload?media_id=\(open)", .nothing),
                (
                    .post, "/2/media/upload/\(open)/append",
                    .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(10))])
                ),
                (.post, "/2/media/upload/\(open)/finalize", .nothing),
                (.post, "/2/media/upload?command=FINALIZE&media_id=\(open)", .nothing),
                (.delete, "/2/media/upload/\(open)", .nothing),
                (.post, "/2/media/metadata", .json(#"{"id":"\#(media.id)","metadata":{"alt_text":{"text":"x"}}}"#)),
                (.post, "/2/tweets", .json(#"{"text":"x","media":{"media_ids":["\#(unposted.id)"]}}"#)),
                (.delete, "/2/tweets/\(post)", .nothing),
            ]
            for (method, path, body) in refused {
                let answer = try await server.send(method, path, body, token: .bob)
                #expect(answer.status == 400 || answer.status == 404, "\(method) \(path): \(answer.status)")
            }
            let hidden = try await server.send(.get, "/2/media/3_\(unposted.id)", token: .bob)
            #expect(hidden.json["data"] == nil)
            #expect(try await server.send(.get, "/2/media/upload?media_id=\(open)").status == 200)
            #expect(try await server.row(media.id).metadata.isEmpty)
            #expect(try await server.send(.delete, "/2/tweets/\(post)").status == 200)
        }
    }
}

extension RouteFixture {
    fileprivate func status(_ route: AccessTests.Route, _ token: String?) async throws -> Int {
        let token = try #require(token)
        let headers: HTTPFields = [.authorization: "Bearer \(token)"]
        return try await send(route.method, route.path, token: .none, headers: headers).status
    }

    /// A token with all scopes that opens nothing.
    fileprivate func make(_ dead: AccessMatrixTests.Dead) async throws -> String {
        let carol = try await addCarol()
        let app = try await addApp()
        let record = try #require(try await oauth.apps.app(clientID: app.clientID))
        let code = try await code(app, ["scope": (Scope.effective.union([.offlineAccess])).text])
        if dead == .authorizationCode { return code }
        if dead == .session { return try await oauth.accounts.beginSession(for: carol) }
        if dead == .oauth1Token { return try await oauth.apps.createOAuth1Token(for: carol, app: record).token }
        let answer = try await redeem(code, as: app)
        let token = try #require(answer.member("access_token"))
        let refresh = try #require(answer.member("refresh_token"))
        try #require(await status(with: token) == 200)
        switch dead {
        case .expired: clock.advance(by: AuthorizationService.accessLifetime)
        case .revoked: _ = try await post("/2/oauth2/revoke", ["token": token], as: app)
        case .grantRevoked: _ = try await post("/2/oauth2/revoke", ["token": refresh], as: app)
        case .userRemoved: #expect(try await oauth.accounts.remove(carol.id))
        case .appRemoved: #expect(try await oauth.apps.remove(record))
        case .refreshToken: return refresh
        case .oauth1Token, .authorizationCode, .session: break
        }
        // What was answered before is remembered for a second where another process revoked.
        clock.advance(by: .seconds(1))
        return token
    }
}
