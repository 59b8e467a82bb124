import HTTPTypes
import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Rate limits and quotas")
struct LimitTests {
    private func limits(_ overrides: [String: String]) throws -> RateLimits {
        var limits = RateLimits.off
        for (key, text) in overrides { try limits.override(key, with: text) }
        return limits
    }

    private static let names = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"]

    private func values(_ answer: Answer) -> [String?] {
        Self.names.map { name in HTTPField.Name(name).flatMap { answer.headers[$0] } }
    }

    @Test("every answer says how the user stands, refusals too; the one too many is 429 in X's frame")
    func window() async throws {
        try await RouteFixture.run(rateLimits: limits(["create_post.user": "3/900"])) { server in
            let end = "\(server.clock.now.seconds + 900)"
            let posted = try await server.send(.post, "/2/tweets", .json(#"{"text":"a"}"#))
            #expect(posted.status == 201)
            #expect(values(posted) == ["3", "2", end])
            let refused = try await server.send(.post, "/2/tweets", .json("{"))
            #expect(refused.status == 400)
            #expect(values(refused) == ["3", "1", end])
            let forbidden = try await server.send(
                .post, "/2/tweets", .json(#"{"text":"b"}"#), token: .without(.tweetWrite))
            #expect(forbidden.status == 403)
            #expect(values(forbidden) == ["3", "0", end])
            server.clock.advance(by: .seconds(100))
            let tooMany = try await server.send(.post, "/2/tweets", .json(#"{"text":"b"}"#))
            #expect(tooMany.status == 429)
            #expect(values(tooMany) == ["3", "0", end])
            #expect(tooMany.headers[.retryAfter] == "800")
            #expect(
                tooMany.json
                    == .object([
                        "title": .string("Too Many Requests"), "detail": .string("Too Many Requests"),
                        "type": .string("about:blank"), "status": .integer(429),
                    ]))
            #expect(try await server.send(.post, "/2/tweets", .json(#"{"text":"b"}"#), token: .bob).status == 201)
            server.clock.advance(by: .seconds(800))
            #expect(try await server.send(.post, "/2/tweets", .json(#"{"text":"b"}"#)).status == 201)
        }
    }

    @Test("who has no valid token is counted for nobody, and HEAD counts as GET")
    func counted() async throws {
        try await RouteFixture.run(rateLimits: limits(["me.user": "2/900", "post.app": "1/60"])) { server in
            for token in [RouteFixture.Token.none, .unknown] {
                let answer = try await server.send(.get, "/2/users/me", token: token)
                #expect(answer.status == 401)
                #expect(values(answer) == [nil, nil, nil])
            }
            #expect(values(try await server.send(.get, "/2/users/me"))[1] == "1")
            #expect(values(try await server.send(.head, "/2/users/me"))[1] == "0")
            #expect(try await server.send(.get, "/2/users/me").status == 429)
            #expect(try await server.send(.get, "/2/tweets/1", token: .app).status == 200)
            #expect(try await server.send(.get, "/2/tweets/1", token: .app).status == 429)
            #expect(try await server.send(.get, "/2/tweets/1").status == 200)
        }
    }

    @Test("signed requests are counted for their user and their app")
    func signed() async throws {
        let limits = try limits(["me.user": "3/900", "create_post.app": "1/900"])
        try await RouteFixture.run(rateLimits: limits) { server in
            let client = try await server.signedClient()
            for left in ["2", "1", "0"] {
                #expect(values(try await server.sendSigned(.get, "/2/users/me", by: client))[1] == left)
            }
            #expect(try await server.sendSigned(.get, "/2/users/me", by: client).status == 429)
            let other = try await server.signedClient("other")
            for (signer, status) in [(client, 201), (client, 429), (other, 201)] {
                let body = Sent.json(#"{"text":"\#(signer.consumerKey)"}"#)
                #expect(try await server.sendSigned(.post, "/2/tweets", body, by: signer).status == status)
            }
        }
    }

    @Test("an app's window of a day stands beside the user's; without limits there are no headers")
    func appWindow() async throws {
        try await RouteFixture.run(rateLimits: .x) { server in
            let answer = try await server.send(.post, "/2/tweets", .json(#"{"text":"a"}"#))
            #expect(values(answer).prefix(2) == ["100", "99"])
            let name = try #require(HTTPField.Name("x-app-limit-24hour-remaining"))
            #expect(answer.headers[name] == "9999")
        }
        try await RouteFixture.run { server async throws in
            #expect(values(try await server.send(.get, "/2/users/me")) == [nil, nil, nil])
        }
    }

    @Test("more bytes than the quota are refused at initialize, at one-shot and at append, and freed by an abort")
    func bytes() async throws {
        try await RouteFixture.run(quota: UserQuota(bytes: 1000)) { server in
            let video = #"{"media_category":"tweet_video","total_bytes":900}"#
            let id = try await server.initialize(video)
            let refused = try await server.send(.post, "/2/media/upload/initialize", .json(video))
            #expect(refused.status == 403)
            #expect(refused.json["title"] == .string("Forbidden"))
            #expect(refused.firstError["rule"] == .string("quota.bytes"))
            #expect(refused.firstError["found"] == .string("1800"))
            #expect(refused.firstError["allowed"] == .string("1000"))
            #expect(try await server.send(.post, "/2/media/upload/initialize", .json(video), token: .bob).status == 200)
            let parts: [Part] = [.field("media_category", "tweet_image"), .media(RouteFixture.bytes(101))]
            #expect(try await server.send(.post, "/2/media/upload", .multipart(parts)).status == 403)
            let names = try await server.storedNames()
            #expect(names.isEmpty)
            let append = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(1001))]))
            #expect(append.status == 403)
            #expect(try await server.segments(id).isEmpty)
            #expect(try await server.storedNames().isEmpty)
            #expect(try await server.send(.delete, "/2/media/upload/\(id)").status == 200)
            let media = try #require(MediaID(id))
            try await server.catalog.finishDeletion(of: [media])
            _ = try await server.initialize(video)
        }
    }

    @Test("open uploads and waiting media have their limits")
    func numbers() async throws {
        try await RouteFixture.run(quota: UserQuota(openUploads: 1, waitingJobs: 1)) { server in
            _ = try await server.finalized()
            let id = try await server.initialize()
            let refused = try await server.send(.post, "/2/media/upload/initialize", .json("{}"))
            #expect(refused.status == 403)
            #expect(refused.firstError["rule"] == .string("quota.open_uploads"))
            let append = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(10))]))
            #expect(append.status == 200)
            let full = try await server.send(.post, "/2/media/upload/\(id)/finalize")
            #expect(full.status == 503)
            #expect(full.headers[.retryAfter] == "10")
            #expect(try await server.row(id).state == .uploading)
            _ = try await server.lease()
            #expect(try await server.send(.post, "/2/media/upload/\(id)/finalize").status == 200)
        }
    }
}

extension RouteFixture {
    /// Everything that the store holds.
    func storedNames() async throws -> [BlobName] {
        var names: [BlobName] = []
        try await blobs.list { names += $0.map(\.name) }
        return names
    }
}
