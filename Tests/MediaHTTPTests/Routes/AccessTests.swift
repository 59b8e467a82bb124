import HTTPTypes
import MediaCore
import Testing
import XMedia

@Suite("Access to every route")
struct AccessTests {
    /// Method, path, scopes that it needs, whether an app-only bearer will do.
    struct Route: Sendable, CustomTestStringConvertible {
        let method: HTTPRequest.Method
        let path: String
        let scopes: [Scope]
        var takesAppOnly = false

        var testDescription: String { "\(method) \(path)" }
    }

    static let routes: [Route] = [
        Route(method: .post, path: "/2/media/upload", scopes: [.mediaWrite]),
        Route(method: .post, path: "/2/media/upload?command=INIT", scopes: [.mediaWrite]),
        Route(method: .get, path: "/2/media/upload?media_id=1", scopes: [.mediaWrite]),
        Route(method: .post, path: "/2/media/upload/initialize", scopes: [.mediaWrite]),
        Route(method: .post, path: "/2/media/upload/1/append", scopes: [.mediaWrite]),
        Route(method: .post, path: "/2/media/upload/1/finalize", scopes: [.mediaWrite]),
        Route(method: .delete, path: "/2/media/upload/1", scopes: [.mediaWrite]),
        Route(method: .post, path: "/2/media/metadata", scopes: [.mediaWrite]),
        Route(method: .get, path: "/2/media?media_keys=3_1", scopes: [.tweetRead], takesAppOnly: true),
        Route(method: .get, path: "/2/media/3_1", scopes: [.tweetRead], takesAppOnly: true),
        Route(method: .get, path: "/2/users/me", scopes: [.usersRead, .tweetRead]),
        Route(method: .post, path: "/2/tweets", scopes: [.tweetRead, .tweetWrite, .usersRead]),
        Route(method: .get, path: "/2/tweets?ids=1", scopes: [.tweetRead, .usersRead], takesAppOnly: true),
        Route(method: .get, path: "/2/tweets/1", scopes: [.tweetRead, .usersRead], takesAppOnly: true),
        Route(method: .delete, path: "/2/tweets/1", scopes: [.tweetRead, .tweetWrite, .usersRead]),
        Route(method: .get, path: "/roost/audit", scopes: [.usersRead]),
        Route(method: .get, path: "/2/users/1/tweets", scopes: [.tweetRead, .usersRead], takesAppOnly: true),
    ]

    @Test("no token and an unknown one are 401 in X's frame", arguments: routes)
    func unauthorized(route: Route) async throws {
        try await RouteFixture.run { server in
            for token in [RouteFixture.Token.none, .unknown] {
                let answer = try await server.send(route.method, route.path, token: token)
                #expect(answer.status == 401)
                #expect(
                    answer.json
                        == .object([
                            "title": .string("Unauthorized"), "type": .string("about:blank"), "status": .integer(401),
                            "detail": .string("Unauthorized"),
                        ]))
            }
        }
    }

    @Test("a token without a scope is 403 in X's frame and told which", arguments: routes)
    func scopes(route: Route) async throws {
        try await RouteFixture.run { server in
            for scope in route.scopes {
                let answer = try await server.send(route.method, route.path, token: .without(scope))
                #expect(answer.status == 403)
                #expect(answer.json["title"] == .string("Forbidden"))
                #expect(answer.json["detail"] == .string("Forbidden"))
                #expect(answer.json["type"] == .string("about:blank"))
                #expect(answer.json["missing_scopes"] == .array([.string(scope.rawValue)]))
            }
            for scope in Scope.effective.subtracting(route.scopes) {
                let answer = try await server.send(route.method, route.path, token: .without(scope))
                #expect(answer.status != 403 && answer.status != 401)
            }
        }
    }

    @Test("an app-only bearer reads what everybody may read and is refused elsewhere", arguments: routes)
    func appOnly(route: Route) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(route.method, route.path, token: .app)
            guard !route.takesAppOnly else {
                #expect(answer.status == 200)
                return
            }
            #expect(answer.status == 403)
            #expect(answer.json["title"] == .string("Unsupported Authentication"))
            #expect(answer.json["type"] == .string("https://api.x.com/2/problems/unsupported-authentication"))
        }
    }

    @Test("a method that a path does not take is 405 with Allow; an unknown path is 404")
    func unknown() async throws {
        try await RouteFixture.run { server in
            let wrong = try await server.send(.put, "/2/media/upload")
            #expect(wrong.status == 405)
            #expect(wrong.headers[.allow] == "GET, HEAD, POST")
            #expect(try await server.send(.get, "/2/media/upload/1/append").status == 405)
            #expect(try await server.send(.get, "/2/nothing").status == 404)
        }
    }
}
