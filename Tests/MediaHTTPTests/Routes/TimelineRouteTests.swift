import HTTPTypes
import Testing
import XMedia

@testable import MediaHTTP

@Suite("GET /2/users/{id}/tweets")
struct TimelineRouteTests {
    /// Twelve posts of alice, oldest first.
    private func posts(_ server: RouteFixture) async throws -> [String] {
        var ids: [String] = []
        for number in 1...12 { ids.append(try await server.post("post \(number)")) }
        _ = try await server.post("another author's", token: .bob)
        return ids
    }

    private func ids(_ answer: Answer) -> [String] {
        guard case .array(let data) = answer.data else { return [] }
        return data.compactMap { $0["id"]?.stringValue }
    }

    @Test("pages go down to the oldest post and up again, and hold every post once")
    func pages() async throws {
        try await RouteFixture.run { server in
            let all = try await posts(server)
            let path = "/2/users/\(server.alice)/tweets?max_results=5"
            let first = try await server.send(.get, path, token: .app)
            #expect(ids(first) == Array(all[7...].reversed()))
            #expect(first.json["meta"]?["result_count"] == .integer(5))
            #expect(first.json["meta"]?["newest_id"] == .string(all[11]))
            #expect(first.json["meta"]?["oldest_id"] == .string(all[7]))
            #expect(first.json["meta"]?["previous_token"] == nil)
            let next = try #require(first.json["meta"]?["next_token"]?.stringValue)
            let second = try await server.send(.get, "\(path)&pagination_token=\(next)")
            #expect(ids(second) == Array(all[2..<7].reversed()))
            let last = try #require(second.json["meta"]?["next_token"]?.stringValue)
            let third = try await server.send(.get, "\(path)&pagination_token=\(last)")
            #expect(ids(third) == [all[1], all[0]])
            #expect(third.json["meta"]?["next_token"] == nil)
            let back = try #require(third.json["meta"]?["previous_token"]?.stringValue)
            let secondAgain = try await server.send(.get, "\(path)&pagination_token=\(back)")
            #expect(ids(secondAgain) == ids(second))
            #expect(secondAgain.json["meta"]?["next_token"] != nil)
            let top = try #require(secondAgain.json["meta"]?["previous_token"]?.stringValue)
            let firstAgain = try await server.send(.get, "\(path)&pagination_token=\(top)")
            #expect(ids(firstAgain) == ids(first))
            #expect(firstAgain.json["meta"]?["previous_token"] == nil)
        }
    }

    @Test("ten posts by default; since_id and until_id are bounds that are left out")
    func bounds() async throws {
        try await RouteFixture.run { server in
            let all = try await posts(server)
            let path = "/2/users/\(server.alice)/tweets"
            #expect(ids(try await server.send(.get, path)).count == 10)
            let between = try await server.send(.get, "\(path)?since_id=\(all[3])&until_id=\(all[6])")
            #expect(ids(between) == [all[5], all[4]])
            #expect(between.json["meta"]?["next_token"] == nil)
        }
    }

    @Test("an author without posts has an empty page; an unknown one is a miss")
    func empty() async throws {
        try await RouteFixture.run { server in
            let none = try await server.send(.get, "/2/users/\(server.alice)/tweets")
            #expect(none.json == .object(["meta": .object(["result_count": .integer(0)])]))
            let unknown = try await server.send(.get, "/2/users/1/tweets")
            #expect(unknown.status == 200)
            #expect(unknown.firstError["resource_type"] == .string("user"))
        }
    }

    @Test(
        "refuses queries in X's words",
        arguments: [
            ("max_results=4", "The `max_results` query parameter value [4] is not between 5 and 100"),
            ("max_results=101", "The `max_results` query parameter value [101] is not between 5 and 100"),
            ("max_results=x", "The `max_results` query parameter value [x] is not between 5 and 100"),
            ("since_id=x", "The `since_id` query parameter value [x] is not valid"),
            ("pagination_token=x", "The `pagination_token` query parameter value [x] is not valid"),
            ("pagination_token=o", "The `pagination_token` query parameter value [o] is not valid"),
            ("pagination_token=oA", "The `pagination_token` query parameter value [oA] is not valid"),
            ("pagination_token=o%2B1", "The `pagination_token` query parameter value [o+1] is not valid"),
        ])
    func refuses(query: String, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, "/2/users/\(server.alice)/tweets?\(query)")
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
        }
    }
}
