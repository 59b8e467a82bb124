import HTTPTypes
import MediaCore
import MediaRules
import NIOCore
import Testing
import XMedia

@Suite("POST /2/media/upload/{id}/finalize")
struct FinalizeRouteTests {
    private let video = #"{"media_category":"tweet_video","media_type":"video/mp4","total_bytes":1000}"#

    @Test(
        "takes no body, an empty one and an empty object",
        arguments: [
            Sent.nothing, .bytes(ByteBuffer(), type: "application/json"), .json("{}"), .form(""),
            .bytes(ByteBuffer(string: " {} "), type: ""), .bytes(ByteBuffer(string: "\r\n "), type: "application/json"),
            .bytes(ByteBuffer(string: "\n"), type: "text/plain"),
        ])
    func bodies(body: Sent) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(video)
            _ = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(1000))]))
            let answer = try await server.send(.post, "/2/media/upload/\(id)/finalize", body)
            #expect(answer.status == 200)
            #expect(answer.id == id)
            #expect(answer.data["media_key"] == .string("7_\(id)"))
            #expect(answer.data["size"] == .integer(1000))
            #expect(answer.data["expires_after_secs"] == .integer(86_400))
            #expect(
                answer.data["processing_info"]
                    == .object(["state": .string("pending"), "check_after_secs": .integer(1)]))
        }
    }

    @Test(
        "refuses other bodies in X's words",
        arguments: [
            (Sent.json("[]"), "Request body must be a JSON object."),
            (.json("null"), "Request body must be a JSON object."),
            (.json("{"), "Request body is not valid JSON."),
            (.form("a=b"), "Requests with bodies must have content-type of application/json."),
        ])
    func refusesBodies(body: Sent, message: String) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(video)
            let answer = try await server.send(.post, "/2/media/upload/\(id)/finalize", body)
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
        }
    }

    @Test("says exactly what is missing")
    func incomplete() async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(video)
            let none = try await server.send(.post, "/2/media/upload/\(id)/finalize")
            #expect(none.isInvalidRequest)
            for index in ["0", "3"] {
                _ = try await server.send(
                    .post, "/2/media/upload/\(id)/append",
                    .multipart([.field("segment_index", index), .media(RouteFixture.bytes(100))]))
            }
            let gap = try await server.send(.post, "/2/media/upload/\(id)/finalize")
            #expect(gap.isInvalidRequest)
            let message = try #require(gap.messages.first)
            #expect(message.contains("1–2") && message.contains("200 of 1000 bytes"))
        }
    }

    @Test("a further finalize is answered alike and queues nothing")
    func twice() async throws {
        try await RouteFixture.run { server in
            let id = try await server.finalized(video)
            let again = try await server.send(.post, "/2/media/upload/\(id)/finalize")
            #expect(again.status == 200)
            #expect(try await server.catalog.jobCounts().map(\.count).reduce(0, +) == 1)
        }
    }

    @Test("an image that is ready is answered without processing_info, with its type and size")
    func image() async throws {
        try await RouteFixture.run { server in
            let id = try await server.ready().id
            let answer = try await server.send(.post, "/2/media/upload/\(id)/finalize", .json("{}"))
            #expect(answer.status == 200)
            #expect(answer.data["processing_info"] == nil)
            #expect(
                answer.data["image"]
                    == .object(["image_type": .string("image/png"), "w": .integer(640), "h": .integer(480)]))
            #expect(answer.data["original"]?["url"] == .string("https://media.example/media/originals/\(id)"))
        }
    }

    @Test("an image that failed is 400 with one entry for each broken rule")
    func failedImage() async throws {
        try await RouteFixture.run { server in
            let id = try await server.finalized()
            try await server.fail(
                reason: Problem.Item(
                    message: "The image is too wide.", rule: "image.width", found: "9000", allowed: "8192",
                    fix: "Scale it."))
            let answer = try await server.send(.post, "/2/media/upload/\(id)/finalize")
            #expect(answer.isInvalidRequest)
            #expect(answer.firstError["rule"] == .string("image.width"))
            #expect(answer.firstError["found"] == .string("9000"))
            #expect(answer.firstError["allowed"] == .string("8192"))
        }
    }

    @Test("unknown and foreign uploads are answered alike")
    func notFound() async throws {
        try await RouteFixture.run { server in
            let foreign = try await server.initialize(token: .bob)
            for id in ["1", foreign] {
                let answer = try await server.send(.post, "/2/media/upload/\(id)/finalize")
                #expect(answer.isInvalidRequest)
                #expect(answer.messages == ["BadRequest: Not found"])
            }
        }
    }
}
