import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// Limits as an operator sets them.
@Suite("Limits of the built program", .serialized)
struct LimitsTests {
    @Test("100 equal posts with one key at once make one post")
    func idempotentPosts() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data")
        let api = APIClient(url: server.url, token: try server.token())
        let body = Data(#"{"text":"once"}"#.utf8)
        let answers = try await withThrowingTaskGroup(of: APIClient.Answer.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await api.send(
                        .POST, "/2/tweets",
                        headers: [("Content-Type", "application/json"), ("Idempotency-Key", "\"one\"")], body: body)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.status == 201 })
        #expect(Set(answers.map(\.text)).count == 1)
        #expect(answers.count { $0.headers["idempotent-replayed"] == ["true"] } == 99)
        let me = try await api.send(.GET, "/2/users/me").json(DataEnvelope<User>.self).data.orThrow("no user")
        let timeline = try await api.send(.GET, "/2/users/\(me.id)/tweets")
        #expect(try timeline.json(DataEnvelope<[Post]>.self).meta?.resultCount == 1)
    }

    @Test("X's windows are off until asked for, and own values win over them")
    func rateLimits() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/roost.json"
        try #"{"rate_limits": "x", "rate_limit": {"me": {"user": "2/900"}}, "quota_bytes": 1000}"#
            .write(toFile: file, atomically: true, encoding: .utf8)
        let server = try RoostProcess(data: "\(folder.path)/data", arguments: ["--config", file])
        let api = APIClient(url: server.url, token: try server.token())
        #expect(try await api.send(.GET, "/2/users/me").headers["x-rate-limit-remaining"] == ["1"])
        #expect(try await api.send(.GET, "/2/users/me").status == 200)
        let tooMany = try await api.send(.GET, "/2/users/me")
        #expect(tooMany.status == 429)
        #expect(tooMany.headers.contains(name: "retry-after"))
        #expect(try await api.send(.GET, "/2/tweets/1").headers["x-rate-limit-limit"] == ["900"])
        let tooLarge = try await api.json(
            .POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video","total_bytes":1001}"#)
        #expect(tooLarge.status == 403)
        #expect(server.terminate() == 0)
        let plain = try RoostProcess(data: "\(folder.path)/data")
        let without = APIClient(url: plain.url, token: api.token)
        #expect(!(try await without.send(.GET, "/2/users/me").headers.contains(name: "x-rate-limit-limit")))
    }

    @Test(
        "a limit that cannot be used is named",
        arguments: [
            #"{"rate_limits": "y"}"#, #"{"rate_limit": {"me": {"user": "2"}}}"#,
            #"{"rate_limit": {"nothing": {"user": "1/1"}}}"#, #"{"quota_bytes": -1}"#,
        ])
    func invalid(text: String) throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/roost.json"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try RoostProcess.run(["serve", "--data", "\(folder.path)/data", "--port", "0", "--config", file])
        #expect(result.status != 0)
        #expect(
            result.errors.contains("rate_limit") || result.errors.contains("nothing")
                || result.errors.contains("quota_bytes"), "\(result.errors)")
    }

    @Test("what the operator does to users, apps and tokens stands in the log, and no secret does")
    func operatorLog() throws {
        let folder = try TemporaryFolder()
        let data = ["--data", "\(folder.path)/data"]
        var secrets: [String] = []
        func run(_ arguments: String...) throws -> String {
            let result = try RoostProcess.run(arguments + data)
            try #require(result.status == 0, "\(arguments): \(result.errors)")
            return result.output
        }
        _ = try run("user", "add", "erin", "--no-password")
        secrets.append(try run("token", "create", "--user", "erin"))
        let app = try run("app", "create", "Camera", "--json")
        let credentials = try JSONDecoder().decode([String: String].self, from: Data(app.utf8))
        secrets += ["client_secret", "consumer_secret"].compactMap { credentials[$0] }
        let rotated = try run("app", "rotate", "Camera", "--json")
        let renewed = try JSONDecoder().decode([String: String].self, from: Data(rotated.utf8))
        secrets += ["client_secret", "consumer_secret"].compactMap { renewed[$0] }
        let oauth1 = try run("token", "create", "--oauth1", "--app", "Camera", "--user", "erin", "--json")
        let pair = try JSONDecoder().decode([String: String].self, from: Data(oauth1.utf8))
        secrets += ["oauth_token", "oauth_token_secret"].compactMap { pair[$0] }
        let id = try #require(try run("token", "list").split(separator: "\t").first)
        _ = try run("token", "revoke", String(id))
        _ = try run("app", "remove", "Camera")
        _ = try run("user", "remove", "erin")
        let log = try run("audit", "--json")
        for event in [
            "user_added", "token_created", "app_created", "app_rotated", "token_revoked", "app_removed", "user_removed",
        ] { #expect(log.contains("\"event\":\"\(event)\""), "\(event)") }
        #expect(secrets.count == 7)
        for secret in secrets { #expect(!log.contains(secret)) }
        // The log outlives the user.
        #expect(try run("audit", "--user", "erin").split(separator: "\n").count == 5)
    }

    @Test("what the operator erases stands in the log of its owner, on the command line and over HTTP")
    func audit() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data")
        let api = APIClient(url: server.url, token: try server.token(user: "carol"))
        let id = try await api.initialize(bytes: 10, type: "video/mp4", category: "tweet_video")
        #expect(try RoostProcess.run(["media", "remove", "--data", server.data, id]).status == 0)
        let listed = try RoostProcess.run(["audit", "--data", server.data, "--user", "Carol"])
        #expect(listed.status == 0)
        #expect(listed.output.contains("media_removed\tcarol\tby operator"))
        #expect(listed.output.contains("media_id=\(id)"))
        #expect(try RoostProcess.run(["audit", "--data", server.data, "--user", "nobody"]).output.isEmpty)
        let own = try await api.send(.GET, "/roost/audit")
        #expect(own.status == 200)
        #expect(own.text.contains("media_removed") && own.text.contains(id))
        let other = APIClient(url: server.url, token: try server.token(user: "dave"))
        #expect(!(try await other.send(.GET, "/roost/audit").text.contains(id)))
        #expect(!listed.output.contains(api.token))
    }
}
