import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

@Suite("GET and DELETE of an upload")
struct StatusRouteTests {
    @Test("an open upload shows its segments, with and without the command", arguments: ["", "&command=STATUS"])
    func open(command: String) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize()
            _ = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .multipart([.field("segment_index", "4"), .media(.init(string: "123456789"))]))
            let answer = try await server.send(
                .get, "/2/media/upload?media_id=\(id)\(command)", .bytes(.init(), type: "application/json"))
            #expect(answer.status == 200)
            #expect(answer.data["processing_info"] == .object(["state": .string("uploading")]))
            // CRC-32C of "123456789": https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-32-iscsi
            #expect(
                answer.data["segments"]
                    == .array([
                        .object(["index": .integer(4), "size": .integer(9), "crc32c": .string("e3069283")])
                    ]))
        }
    }

    @Test("a ready image says succeeded; a failed file says why, in data and in errors")
    func ends() async throws {
        try await RouteFixture.run { server in
            let ready = try await server.ready().id
            let succeeded = try await server.send(.get, "/2/media/upload?media_id=\(ready)")
            #expect(succeeded.data["processing_info"]?["state"] == .string("succeeded"))
            let id = try await server.finalized(#"{"media_category":"tweet_video"}"#)
            try await server.fail(
                reason: Problem.Item(message: "Too long.", rule: "video.duration", found: "9", allowed: "8"))
            let failed = try await server.send(.get, "/2/media/upload?media_id=\(id)")
            #expect(failed.status == 200)
            #expect(failed.data["processing_info"]?["state"] == .string("failed"))
            #expect(failed.data["processing_info"]?["error"]?["name"] == .string("InvalidMedia"))
            #expect(failed.firstError["rule"] == .string("video.duration"))
            #expect(failed.firstError["type"] == .string("https://api.x.com/2/problems/invalid-request"))
        }
    }

    @Test("additional owners read the status, others are told that there is nothing")
    func owners() async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(#"{"additional_owners":["\#(server.bob)"]}"#)
            #expect(try await server.send(.get, "/2/media/upload?media_id=\(id)", token: .bob).status == 200)
            let other = try await server.initialize()
            let answer = try await server.send(.get, "/2/media/upload?media_id=\(other)", token: .bob)
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == ["BadRequest: Not found"])
        }
    }

    @Test(
        "refuses queries in X's words",
        arguments: [
            ("", "The `media_id` query parameter can not be empty"),
            ("?media_id=", "The `media_id` query parameter value [] is not valid"),
            ("?media_id=7_1", "The `media_id` query parameter value [7_1] is not valid"),
            ("?media_id=1&command=INIT", "The `command` query parameter value [INIT] is not one of [STATUS]"),
            ("?media_id=1&command=status", "The `command` query parameter value [status] is not one of [STATUS]"),
        ])
    func queries(query: String, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, "/2/media/upload\(query)")
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
        }
    }

    @Test("an open upload can be given up by its owner, once; a finalized one cannot")
    func abort() async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize()
            let foreign = try await server.send(.delete, "/2/media/upload/\(id)", token: .bob)
            #expect(foreign.isInvalidRequest)
            let answer = try await server.send(.delete, "/2/media/upload/\(id)")
            #expect(answer.status == 200)
            #expect(answer.json == .object(["data": .object(["deleted": .bool(true)])]))
            #expect(try await server.send(.delete, "/2/media/upload/\(id)").isInvalidRequest)
            let append = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(10))]))
            #expect(append.messages == ["BadRequest: Not found"])
            let closed = try await server.finalized()
            #expect(try await server.send(.delete, "/2/media/upload/\(closed)").isInvalidRequest)
        }
    }
}
