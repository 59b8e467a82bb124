import HTTPTypes
import MediaCore
import Testing
import XMedia

@Suite("GET /2/media and GET /2/media/{media_key}")
struct MediaLookupTests {
    @Test("answers key and type by default, and the fields asked for")
    func fields() async throws {
        try await RouteFixture.run { server in
            let (id, renditions) = try await server.ready()
            let plain = try await server.send(.get, "/2/media/3_\(id)")
            #expect(
                plain.json == .object(["data": .object(["media_key": .string("3_\(id)"), "type": .string("photo")])]))
            let full = try await server.send(.get, "/2/media/3_\(id)?media.fields=url,width%2Cheight,original")
            #expect(full.data["width"] == .integer(640))
            #expect(full.data["height"] == .integer(480))
            #expect(full.data["url"] == .string("https://media.example/media/\(renditions[0].id).png"))
            #expect(full.data["original"]?["size"] == .integer(1000))
        }
    }

    @Test("a video has variants and a preview picture, highest bit rate first and the playlist last")
    func video() async throws {
        try await RouteFixture.run { server in
            let facts = MediaFacts(kind: .video, mediaType: .mp4, width: 1280, height: 720, durationMs: 4000)
            let id = try await server.ready(
                #"{"media_category":"tweet_video"}"#, facts: facts, roles: [.hlsMaster, .hlsStream, .mp4, .poster]
            ).id
            let answer = try await server.send(
                .get, "/2/media/7_\(id)?media.fields=variants,preview_image_url,duration_ms,url")
            #expect(answer.data["duration_ms"] == .integer(4000))
            #expect(answer.data["url"] == nil)
            #expect(answer.data["preview_image_url"]?.stringValue?.hasSuffix(".png") == true)
            guard case .array(let variants)? = answer.data["variants"] else {
                Issue.record("no variants")
                return
            }
            #expect(variants.map { $0["content_type"] } == [.string("video/mp4"), .string("application/x-mpegURL")])
            #expect(variants.first?["bit_rate"] == .integer(800_000))
        }
    }

    @Test("lists what is found in the order asked for, and misses beside it")
    func misses() async throws {
        try await RouteFixture.run { server in
            let first = try await server.ready().id
            let second = try await server.ready().id
            let open = try await server.initialize()
            // The prefix belongs to the key: the same id under another is nothing.
            let answer = try await server.send(
                .get, "/2/media?media_keys=3_\(second),7_1,3_\(first),7_\(first),3_\(open),3_\(second)")
            #expect(answer.status == 200)
            guard case .array(let data) = answer.data, case .array(let errors)? = answer.json["errors"] else {
                Issue.record("\(answer.text)")
                return
            }
            #expect(data.map { $0["media_key"] } == [.string("3_\(second)"), .string("3_\(first)")])
            #expect(errors.count == 3)
            #expect(
                errors[0]
                    == .object([
                        "value": .string("7_1"), "detail": .string("Could not find media with media_keys: [7_1]."),
                        "title": .string("Not Found Error"), "resource_type": .string("media"),
                        "parameter": .string("media_keys"), "resource_id": .string("7_1"),
                        "type": .string("https://api.x.com/2/problems/resource-not-found"),
                    ]))
        }
    }

    @Test("nothing found is 200 without data")
    func nothing() async throws {
        try await RouteFixture.run { server in
            for path in ["/2/media?media_keys=3_1", "/2/media/3_1"] {
                let answer = try await server.send(.get, path)
                #expect(answer.status == 200)
                #expect(answer.json["data"] == nil)
                #expect(answer.firstError["resource_id"] == .string("3_1"))
            }
        }
    }

    @Test("others see media only once a post shows it; additional owners at once")
    func visibility() async throws {
        try await RouteFixture.run { server in
            let shared = try await server.ready(#"{"additional_owners":["\#(server.bob)"]}"#).id
            let own = try await server.ready().id
            #expect(try await server.send(.get, "/2/media/3_\(shared)", token: .bob).json["data"] != nil)
            for token in [RouteFixture.Token.bob, .app] {
                #expect(try await server.send(.get, "/2/media/3_\(own)", token: token).json["data"] == nil)
            }
            _ = try await server.post("look", media: [own])
            for token in [RouteFixture.Token.bob, .app] {
                let answer = try await server.send(
                    .get, "/2/media/3_\(own)?media.fields=original,metadata", token: token)
                #expect(answer.json["data"] != nil)
                #expect(answer.data["original"] == nil && answer.data["metadata"] == nil)
            }
        }
    }

    @Test(
        "refuses queries in X's words",
        arguments: [
            ("/2/media", "The `media_keys` query parameter can not be empty"),
            ("/2/media?media_keys=", "The `media_keys` query parameter can not be empty"),
            ("/2/media?media_keys=1", "The `media_keys` query parameter value [1] does not match ^([0-9]+)_([0-9]+)$"),
            ("/2/media/x", "The `media_key` query parameter value [x] does not match ^([0-9]+)_([0-9]+)$"),
        ])
    func queries(path: String, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, path)
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
        }
    }

    @Test("unknown fields are named together with those that are known; more than 100 keys are too many")
    func limits() async throws {
        try await RouteFixture.run { server in
            let field = try await server.send(.get, "/2/media/3_1?media.fields=url,nothing")
            #expect(field.isInvalidRequest)
            #expect(
                field.messages.first?.hasPrefix(
                    "The `media.fields` query parameter value [nothing] is not one of [alt_text,duration_ms,") == true)
            let keys = (1...101).map { "3_\($0)" }.joined(separator: ",")
            let many = try await server.send(.get, "/2/media?media_keys=\(keys)")
            #expect(many.messages == ["The `media_keys` query parameter has 101 items, not 1 to 100"])
        }
    }
}
