import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

@Suite("POST /2/media/upload, one file in one request")
struct OneShotTests {
    private let path = "/2/media/upload"
    private let content = RouteFixture.bytes(50_000)

    @Test("takes a form, the media before or after the fields, named or not, raw or base64", arguments: [true, false])
    func multipart(mediaFirst: Bool) async throws {
        try await RouteFixture.run { server in
            let fields = [Part.field("media_category", "tweet_image"), .field("media_type", "image/png")]
            for media in [
                Part.media(content), .media(content, filename: nil),
                .media(ByteBuffer(string: Base64.encode(content)), encoding: "BASE64"),
            ] {
                let answer = try await server.send(
                    .post, path, .multipart(mediaFirst ? [media] + fields : fields + [media]))
                #expect(answer.status == 200)
                #expect(answer.data["size"] == .integer(50_000))
                #expect(answer.data["media_key"] == .string("3_\(answer.id)"))
                #expect(answer.data["expires_after_secs"] == .integer(86_400))
                let segment = try #require(try await server.segments(answer.id).first)
                #expect(try await server.blobs.contents(segment.blob, size: segment.size) == content)
            }
        }
    }

    @Test("takes JSON with base64, as the document's curl sends it")
    func json() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, path,
                .json(
                    #"{"media":"\#(Base64.encode(content))","media_category":"tweet_image","#
                        + #""additional_owners":["2244994945"],"media_type":"image/png","shared":false}"#))
            #expect(answer.status == 200)
            #expect(answer.data["size"] == .integer(50_000))
            let media = try await server.row(answer.id)
            #expect(media.additionalOwners == [UserID(rawValue: 2_244_994_945)])
            #expect(media.declaredType == .png)
        }
    }

    @Test("owners may be a list, a repeated field or one string with commas")
    func owners() async throws {
        try await RouteFixture.run { server in
            let base = [Part.field("media_category", "tweet_image"), .media(content)]
            let json = #"{"media":"AAAA","media_category":"tweet_image","additional_owners":"#
            for body in [
                Sent.multipart(base + [.field("additional_owners", "1"), .field("additional_owners", "2")]),
                .multipart(base + [.field("additional_owners", "1,2")]),
                .multipart(base + [.field("additional_owners[]", "1"), .field("additional_owners[]", "2")]),
                .json(json + #"["1","2"]}"#), .json(json + #""1, 2"}"#),
            ] {
                let answer = try await server.send(.post, path, body)
                #expect(answer.status == 200, "\(answer.text)")
                let media = try await server.row(answer.id)
                #expect(media.additionalOwners == [UserID(rawValue: 1), UserID(rawValue: 2)])
            }
        }
    }

    @Test(
        "refuses what is not an upload",
        arguments: [
            (Sent.multipart([.field("media_category", "tweet_image")]), "The `media` field is required"),
            (.multipart([.media(RouteFixture.bytes(9))]), "The `media_category` field is required"),
            (.json(#"{"media":"AAAA"}"#), "The `media_category` field is required"),
            (
                .json(#"{"media":"","media_category":"tweet_image"}"#),
                "The `media` field has no bytes; at least 1 is needed"
            ),
            (
                .json(#"{"media":"AA-A","media_category":"tweet_image"}"#),
                "The base64 text has \"-\" at offset 2, which is no character of base64."
            ),
            (.nothing, "Requests with bodies must have content-type of application/json."),
            (.form("media=AAAA"), "Requests with bodies must have content-type of application/json."),
            (.json(""), "Request body is not valid JSON."),
        ])
    func refuses(body: Sent, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, body)
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
            #expect(try await server.blobs.names().isEmpty)
        }
    }

    @Test("a category and a type that do not go together are refused by name, and nothing is kept")
    func mismatch() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, path,
                .multipart([
                    .media(content), .field("media_category", "tweet_image"), .field("media_type", "video/mp4"),
                ]))
            #expect(answer.isInvalidRequest)
            #expect(answer.firstError["rule"] != nil)
            #expect(try await server.blobs.names().isEmpty)
        }
    }

    @Test("an image beyond its limit is 413 and names the limit")
    func tooLarge() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, path,
                .multipart([.field("media_category", "tweet_image"), .media(RouteFixture.bytes(5 << 20 + 1))]))
            #expect(answer.status == 413)
            #expect(answer.json["detail"]?.stringValue == "A tweet_image may have at most 5242880 bytes.")
            #expect(try await server.blobs.names().isEmpty)
        }
    }

    @Test("a digest that differs is refused, and nothing is kept")
    func digest() async throws {
        try await RouteFixture.run { server in
            let wrong = Base64.encode(ByteBuffer(repeating: 1, count: 32))
            let name = try #require(HTTPField.Name("Content-Digest"))
            let answer = try await server.send(
                .post, path, .multipart([.field("media_category", "tweet_image"), .media(content)]),
                headers: [name: "sha-256=:\(wrong):"])
            #expect(answer.isInvalidRequest)
            #expect(try await server.blobs.names().isEmpty)
        }
    }
}
