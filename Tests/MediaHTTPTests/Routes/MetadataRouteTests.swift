import HTTPTypes
import Testing
import XMedia

@Suite("POST /2/media/metadata")
struct MetadataRouteTests {
    private let path = "/2/media/metadata"

    @Test("sets the alternative text, answers all members, and lookups show it")
    func altText() async throws {
        try await RouteFixture.run { server in
            let id = try await server.ready().id
            let text = JSONValue.object(["text": .string("A dancing cat")])
            let answer = try await server.send(
                .post, path, .json(#"{"id":"\#(id)","metadata":{"alt_text":{"text":"A dancing cat"}}}"#))
            #expect(answer.status == 200)
            #expect(answer.data == .object(["id": .string(id), "associated_metadata": .object(["alt_text": text])]))
            let more = try await server.send(
                .post, path,
                .json(#"{"id":"\#(id)","metadata":{"alt_text":null,"upload_source":{"upload_source":"app"}}}"#))
            #expect(more.data["associated_metadata"]?["alt_text"] == text)
            #expect(more.data["associated_metadata"]?["upload_source"] != nil)
            let media = try await server.send(.get, "/2/media/3_\(id)?media.fields=alt_text,metadata")
            #expect(media.data["alt_text"] == .string("A dancing cat"))
            #expect(media.data["metadata"]?["alt_text"] == text)
        }
    }

    @Test("1000 characters are enough and more are refused")
    func length() async throws {
        try await RouteFixture.run { server in
            let id = try await server.ready().id
            for (count, status) in [(1000, 200), (1001, 400)] {
                let text = String(repeating: "ä", count: count)
                let answer = try await server.send(
                    .post, path, .json(#"{"id":"\#(id)","metadata":{"alt_text":{"text":"\#(text)"}}}"#))
                #expect(answer.status == status)
            }
        }
    }

    @Test(
        "refuses v1.1's members, other ids, and shapes that the schema does not have",
        arguments: [
            (#"{"media_id":"1"}"#, "The `id` field is required"),
            (
                #"{"id":"1","metadata":{"alt_text":"text"}}"#,
                "The `metadata.alt_text` field value [text] is not an object"
            ),
            (#"{"id":"1","metadata":{"alt_text":{}}}"#, "The `metadata.alt_text.text` field is required"),
            (#"{"id":"1"}"#, "BadRequest: Not found"),
            (
                #"{"id":"1","metadata":{"geo_restrictions":{"whitelisted_country_codes":[],"blacklisted_country_codes":[]}}}"#,
                "Exactly one of whitelisted_country_codes and blacklisted_country_codes must have entries"
            ),
        ])
    func refuses(body: String, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, .json(body))
            #expect(answer.isInvalidRequest)
            #expect(answer.messages.first == message)
        }
    }

    @Test("only the uploader sets metadata, and only after finalize")
    func owner() async throws {
        try await RouteFixture.run { server in
            let ready = try await server.ready(#"{"additional_owners":["\#(server.bob)"]}"#).id
            let foreign = try await server.send(.post, path, .json(#"{"id":"\#(ready)"}"#), token: .bob)
            #expect(foreign.messages == ["BadRequest: Not found"])
            let open = try await server.initialize()
            let early = try await server.send(.post, path, .json(#"{"id":"\#(open)"}"#))
            #expect(early.isInvalidRequest)
            #expect(early.messages.first?.contains("not finalized") == true)
        }
    }
}
