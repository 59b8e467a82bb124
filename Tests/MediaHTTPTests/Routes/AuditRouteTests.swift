import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("The audit log for its user")
struct AuditRouteTests {
    @Test("users read what is about them, newest first, in pages, and nothing of others")
    func pages() async throws {
        try await RouteFixture.run { server in
            let log = AuditLog(catalog: server.catalog, clock: server.clock, ids: server.ids)
            let alice = User(id: server.alice, name: "alice", username: "alice")
            for number in 0..<3 {
                try await log.record(
                    .tokenCreated, user: alice, actor: .operator, address: "192.0.2.1",
                    detail: ["token_id": "\(number)"])
            }
            try await log.record(.signedIn, userID: server.bob, actor: .user)
            let first = try await server.send(.get, "/roost/audit?max_results=2")
            #expect(first.status == 200)
            guard case .array(let entries) = first.data else {
                Issue.record("\(first.text)")
                return
            }
            #expect(entries.map { $0["detail"]?["token_id"] } == [.string("2"), .string("1")])
            #expect(entries[0]["event"] == .string("token_created"))
            #expect(entries[0]["actor"] == .string("operator"))
            #expect(entries[0]["address"] == .string("192.0.2.1"))
            #expect(entries[0]["at"] == .string("2023-11-14T22:13:20.000Z"))
            let token = try #require(first.json["meta"]?["next_token"]?.stringValue)
            let rest = try await server.send(.get, "/roost/audit?pagination_token=\(token)")
            #expect(rest.json["meta"]?["result_count"] == .integer(1))
            #expect(rest.json["meta"]?["next_token"] == nil)
            #expect(!rest.text.contains("signed_in"))
        }
    }

    @Test("it takes a user's token with users.read")
    func access() async throws {
        try await RouteFixture.run { server async throws in
            #expect(try await server.send(.get, "/roost/audit", token: .none).status == 401)
            #expect(try await server.send(.get, "/roost/audit", token: .app).status == 403)
            #expect(try await server.send(.get, "/roost/audit", token: .without(.usersRead)).status == 403)
            #expect(try await server.send(.get, "/roost/audit?max_results=0").status == 400)
        }
    }
}
