import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

/// The form that https://docs.x.com/x-api/media/quickstart/media-upload-chunked shows.
@Suite("POST /2/media/upload with command")
struct CommandFormTests {
    private let path = "/2/media/upload"
    private let content = RouteFixture.bytes(1024)

    @Test("the guide's INIT, APPEND, FINALIZE and STATUS answer as it shows")
    func guide() async throws {
        try await RouteFixture.run { server in
            let initialized = try await server.send(
                .post, path,
                .multipart([
                    .field("command", "INIT"), .field("media_type", "video/mp4"), .field("total_bytes", "1024"),
                    .field("media_category", "amplify_video"),
                ]))
            let id = initialized.id
            #expect(initialized.status == 200)
            #expect(
                initialized.data
                    == .object([
                        "id": .string(id), "media_key": .string("13_\(id)"), "expires_after_secs": .integer(1_295_999),
                    ]))
            let appended = try await server.send(
                .post, path,
                .multipart([
                    .field("command", "APPEND"), .field("media_id", id), .field("segment_index", "0"), .media(content),
                ]))
            #expect(appended.status == 204)
            #expect(appended.body.readableBytes == 0)
            #expect(appended.headers[.contentLength] == nil)
            let finalized = try await server.send(
                .post, path, .multipart([.field("command", "FINALIZE"), .field("media_id", id)]))
            #expect(
                finalized.data
                    == .object([
                        "id": .string(id), "media_key": .string("13_\(id)"), "size": .integer(1024),
                        "expires_after_secs": .integer(86_400),
                        "processing_info": .object(["state": .string("pending"), "check_after_secs": .integer(1)]),
                    ]))
            let status = try await server.send(.get, "\(path)?command=STATUS&media_id=\(id)")
            #expect(status.data["processing_info"]?["state"] == .string("pending"))
        }
    }

    @Test("INIT and FINALIZE by query, with an empty body typed as JSON, as X's sample sends them")
    func query() async throws {
        try await RouteFixture.run { server in
            let empty = Sent.bytes(ByteBuffer(), type: "application/json")
            let initialized = try await server.send(
                .post,
                "\(path)?command=INIT&media_type=video%2Fmp4&total_bytes=1024&media_category=tweet_video&shared=true",
                empty)
            #expect(initialized.status == 200)
            let id = initialized.id
            let appended = try await server.send(
                .post, "\(path)?command=APPEND&media_id=\(id)&segment_index=0", .multipart([.media(content)]))
            #expect(appended.status == 204)
            let finalized = try await server.send(.post, "\(path)?command=FINALIZE&media_id=\(id)", empty)
            #expect(finalized.status == 200)
            #expect(finalized.data["shared"] == .bool(true))
        }
    }

    @Test("INIT and FINALIZE urlencoded; the index may follow the media")
    func urlencoded() async throws {
        try await RouteFixture.run { server in
            let initialized = try await server.send(
                .post, path, .form("command=INIT&media_type=image%2Fpng&total_bytes=1024&additional_owners=1%2C2"))
            #expect(initialized.status == 200)
            let id = initialized.id
            let appended = try await server.send(
                .post, path,
                .multipart([
                    .field("media_id", id), .field("command", "APPEND"), .media(content), .field("segment_index", "0"),
                ]))
            #expect(appended.status == 204)
            let finalized = try await server.send(.post, path, .form("media_id=\(id)&command=FINALIZE"))
            #expect(finalized.status == 200)
            let media = try await server.row(id)
            #expect(media.additionalOwners.count == 2)
        }
    }

    @Test(
        "refuses what it cannot do, by name",
        arguments: [
            (Sent.form("command=init"), "The `command` field value [init] is not one of [INIT, APPEND, FINALIZE]"),
            (
                .form("command=STATUS&media_id=1"),
                "The `command` field value [STATUS] is not one of [INIT, APPEND, FINALIZE]"
            ),
            (.form("command=APPEND&media_id=1&segment_index=0"), "APPEND takes `media` as multipart/form-data"),
            (.form("command=FINALIZE"), "The `media_id` field is required"),
            (.form("command=FINALIZE&media_id=x"), "The `media_id` field value [x] does not match ^[0-9]{1,19}$"),
            (.form("command=FINALIZE&media_id=1"), "BadRequest: Not found"),
            (.form("command=INIT&total_bytes=much"), "The `total_bytes` field value [much] is not an integer"),
            (
                .multipart([.media(RouteFixture.bytes(9)), .field("command", "APPEND"), .field("media_id", "1")]),
                "The fields `command`, `media_id` and `segment_index` must stand before `media`"
            ),
            (
                .multipart([.field("command", "APPEND"), .media(RouteFixture.bytes(9)), .field("media_id", "1")]),
                "The fields `command`, `media_id` and `segment_index` must stand before `media`"
            ),
            (
                .multipart([.field("command", "INIT"), .media(RouteFixture.bytes(9))]),
                "The `media` field belongs to APPEND only"
            ),
            (
                .multipart([.field("command", "APPEND"), .field("media_id", "1"), .field("segment_index", "0")]),
                "BadRequest: Not found"
            ),
        ])
    func refuses(body: Sent, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, body)
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
            #expect(try await server.blobs.names().isEmpty)
        }
    }

    @Test("an APPEND without index or media is refused and leaves nothing behind")
    func incompleteAppend() async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize()
            let fields = [Part.field("command", "APPEND"), .field("media_id", id)]
            let noIndex = try await server.send(.post, path, .multipart(fields + [.media(content)]))
            #expect(noIndex.messages == ["The `segment_index` field is required"])
            let noMedia = try await server.send(.post, path, .multipart(fields + [.field("segment_index", "0")]))
            #expect(noMedia.messages == ["The `media` field is required"])
            #expect(try await server.blobs.names().isEmpty)
        }
    }

    @Test("can be switched off, in the body and in the query")
    func switchedOff() async throws {
        try await RouteFixture.run(commandForm: false) { server in
            let answers = [
                try await server.send(.post, path, .form("command=INIT")),
                try await server.send(.post, path, .multipart([.field("command", "INIT")])),
                try await server.send(.post, "\(path)?command=INIT"),
            ]
            for answer in answers {
                #expect(answer.isInvalidRequest)
                #expect(answer.messages.first?.contains("/2/media/upload/initialize") == true)
            }
            let oneShot = try await server.send(
                .post, path, .multipart([.field("media_category", "tweet_image"), .media(content)]))
            #expect(oneShot.status == 200)
        }
    }
}
