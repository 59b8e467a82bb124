import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

extension Answer {
    /// The code of v1.1's frame.
    var code: Int64? {
        guard case .integer(let code)? = firstError["code"] else { return nil }
        return code
    }
}

/// Dialect of https://developer.x.com/en/docs/x-api/v1/media/upload-media, as tweepy and node-twitter-api-v2 speak it.
@Suite("/1.1/media/upload.json")
struct V11UploadTests {
    private let path = "/1.1/media/upload.json"
    private let content = RouteFixture.bytes(1024)

    private func initialize(_ server: RouteFixture, more: String = "") async throws -> String {
        let answer = try await server.send(
            .post, path, .form("command=INIT&total_bytes=1024&media_type=video%2Fmp4\(more)"))
        try #require(answer.status == 202, "\(answer.text)")
        return answer.json["media_id_string"]?.stringValue ?? ""
    }

    @Test("INIT, APPEND, FINALIZE and STATUS as tweepy sends them; the id is good for v2")
    func tweepy() async throws {
        try await RouteFixture.run { server in
            let initialized = try await server.send(
                .post, path,
                .form("command=INIT&total_bytes=1024&media_type=video%2Fmp4&media_category=tweet_video"))
            let id = initialized.json["media_id_string"]?.stringValue ?? ""
            let number = try #require(Int64(id))
            #expect(initialized.status == 202)
            #expect(
                initialized.json
                    == .object([
                        "media_id": .integer(number), "media_id_string": .string(id), "media_key": .string("7_\(id)"),
                        "expires_after_secs": .integer(1_295_999),
                    ]))
            let appended = try await server.send(
                .post, path,
                .multipart([
                    .field("command", "APPEND"), .field("media_id", id), .field("segment_index", "0"), .media(content),
                ]))
            #expect(appended.status == 204)
            #expect(appended.body.readableBytes == 0)
            #expect(appended.headers[.contentLength] == nil)
            let early = try await server.send(.get, "\(path)?command=STATUS&media_id=\(id)")
            #expect(early.status == 404)
            let finalized = try await server.send(.post, path, .form("command=FINALIZE&media_id=\(id)"))
            #expect(finalized.status == 200)
            #expect(finalized.json["size"] == .integer(1024))
            #expect(finalized.json["processing_info"]?["state"] == .string("pending"))
            #expect(finalized.json["processing_info"]?["check_after_secs"] == .integer(1))
            let status = try await server.send(.get, "\(path)?command=STATUS&media_id=\(id)")
            #expect(status.status == 200)
            #expect(status.json["media_id"] == .integer(number))
            #expect(status.json["processing_info"]?["state"] == .string("pending"))
            let v2 = try await server.send(.get, "/2/media/upload?media_id=\(id)")
            #expect(v2.status == 200)
            #expect(v2.id == id)
        }
    }

    @Test(
        "all of it in multipart, with categories as node-twitter-api-v2 writes them",
        arguments: [("TweetVideo", "7"), ("AmplifyVideo", "13"), ("DmVideo", "7"), ("tweet_video", "7")])
    func node(category: String, prefix: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, path,
                .multipart([
                    .field("command", "INIT"), .field("total_bytes", "1024"), .field("media_type", "video/mp4"),
                    .field("media_category", category),
                ]))
            let id = answer.json["media_id_string"]?.stringValue ?? ""
            #expect(answer.status == 202, "\(answer.text)")
            #expect(answer.json["media_key"] == .string("\(prefix)_\(id)"))
            let appended = try await server.send(
                .post, path,
                .multipart([
                    .field("command", "APPEND"), .field("media_id", id), .field("segment_index", "0"),
                    .media(content, filename: nil),
                ]))
            #expect(appended.status == 204)
            let finalized = try await server.send(
                .post, path, .multipart([.field("command", "FINALIZE"), .field("media_id", id)]))
            #expect(finalized.status == 200)
        }
    }

    /// Bytes whose base64 holds a plus, a slash and padding.
    private static let bytes = ByteBuffer(bytes: [0xFB, 0xEF, 0xBE, 0xFF, 0xEF])
    private static let base64 = "++++/+8="
    private static let escaped = "%2B%2B%2B%2B%2F%2B8%3D"

    /// A request that carries a segment; `id` stands for the upload's id.
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let query: @Sendable (_ id: String) -> String
        let body: @Sendable (_ id: String) -> Sent
    }

    /// The ways of https://developer.x.com/en/docs/x-api/v1/media/upload-media/api-reference/post-media-upload-append.
    static let ways: [Way] = [
        Way(testDescription: "all in multipart, raw") { _ in
            ""
        } body: {
            .multipart([
                .field("command", "APPEND"), .field("media_id", $0), .field("segment_index", "0"), .media(bytes),
            ])
        },
        Way(testDescription: "all in multipart, base64") { _ in
            ""
        } body: {
            .multipart([
                .field("command", "APPEND"), .field("media_id", $0), .field("media_data", base64),
                .field("segment_index", "0"),
            ])
        },
        Way(testDescription: "fields in the query, media in multipart") {
            "?command=APPEND&media_id=\($0)&segment_index=0"
        } body: { _ in
            .multipart([.media(bytes)])
        },
        Way(testDescription: "all in a form") { _ in
            ""
        } body: {
            .form("command=APPEND&media_id=\($0)&segment_index=0&media_data=\(escaped)")
        },
        Way(testDescription: "a form whose plus is not encoded") { _ in
            ""
        } body: {
            .form("command=APPEND&media_id=\($0)&segment_index=0&media_data=\(base64)")
        },
        Way(testDescription: "all in the query") {
            "?command=APPEND&media_id=\($0)&segment_index=0&media_data=\(escaped)"
        } body: { _ in
            .nothing
        },
        Way(testDescription: "all in the query, an empty body typed as JSON") {
            "?command=APPEND&media_id=\($0)&segment_index=0&media_data=\(escaped)"
        } body: { _ in
            .json("")
        },
    ]

    @Test("a segment comes raw or in base64, with its fields in body or query", arguments: ways)
    func segments(way: Way) async throws {
        try await RouteFixture.run { server in
            let id = try await initialize(server)
            let answer = try await server.send(.post, path + way.query(id), way.body(id))
            #expect(answer.status == 204, "\(answer.text)")
            let stored = try #require(try await server.segments(id).first)
            #expect(stored.size == 5)
            var found = ByteBuffer()
            for try await buffer in try await server.blobs.read(stored.blob, range: 0..<5) {
                found.writeImmutableBuffer(buffer)
            }
            #expect(found == Self.bytes)
        }
    }

    @Test("one request brings a whole file, raw or in base64")
    func simple() async throws {
        let bodies: [(Sent, String)] = [
            (.multipart([.media(content)]), "3"),
            (.multipart([.field("media_category", "TweetImage"), .media(content)]), "3"),
            (.multipart([.media(content), .field("media_category", "dm_image")]), "3"),
            (.multipart([.field("media_data", "AQID")]), "3"), (.form("media_data=AQID"), "3"),
            (.form("media_data=AQID&media_category=TweetGif"), "16"),
        ]
        try await RouteFixture.run { server in
            for (body, prefix) in bodies {
                let answer = try await server.send(.post, path, body)
                let id = answer.json["media_id_string"]?.stringValue ?? ""
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.json["media_key"] == .string("\(prefix)_\(id)"))
                #expect(try await server.row(id).ownerID == server.alice)
            }
        }
    }

    @Test("a form with more than a mebibyte of media_data, signed and with a bearer token; nine mebibytes are too many")
    func largeForm() async throws {
        try await RouteFixture.run { server in
            // Every character of the alphabet, `+` and `/` too.
            let media = ByteBuffer(bytes: (0..<1_200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 5) })
            let text = Base64.encode(media).replacing("+", with: "%2B").replacing("/", with: "%2F")
            let client = try await server.signedClient()
            for isSigned in [false, true] {
                let begun = try await initialize(server)
                let form = Sent.form("command=APPEND&media_id=\(begun)&segment_index=0&media_data=\(text)")
                let answer =
                    try await isSigned
                    ? server.sendSigned(.post, path, form, by: client) : server.send(.post, path, form)
                #expect(answer.status == 204, "\(answer.text)")
                #expect(try await server.segments(begun).map(\.size) == [1_200_000])
                if isSigned {
                    let wrong = try await server.sendSigned(.post, path, form, by: client, Signing(signsForm: false))
                    #expect(wrong.status == 401)
                    #expect(wrong.code == 32)
                }
            }
            let large = Sent.form("media_data=" + String(repeating: "A", count: 9 << 20))
            let refused = try await server.sendSigned(.post, path, large, by: client)
            #expect(refused.status == 413)
            #expect(refused.code == 214)
        }
    }

    @Test("media and media_data together, or media before its command, are refused and nothing is kept")
    func confused() async throws {
        try await RouteFixture.run { server in
            let both = try await server.send(.post, path, .multipart([.media(content), .field("media_data", "AQID")]))
            #expect(both.status == 400)
            let late = try await server.send(
                .post, path, .multipart([.media(content), .field("command", "APPEND"), .field("media_id", "7")]))
            #expect(late.status == 400)
            #expect(try await server.catalog.openUploadCount() == 0)
        }
    }

    @Test("owners, at most a hundred, are taken from a list with commas")
    func owners() async throws {
        try await RouteFixture.run { server in
            let id = try await initialize(server, more: "&additional_owners=\(server.bob),7&shared=true")
            #expect(try await server.row(id).additionalOwners == [server.bob, UserID(rawValue: 7)])
            #expect(try await server.row(id).shared)
            let many = (1...101).map(String.init).joined(separator: ",")
            for owners in ["x", "1,,x", many] {
                let answer = try await server.send(
                    .post, path,
                    .form("command=INIT&total_bytes=1&media_type=image%2Fpng&additional_owners=\(owners)"))
                #expect(answer.status == 400)
                #expect(answer.code == 44)
            }
        }
    }

    /// A request, its status, code and sentence.
    static let refusals: [(Sent, Int, Int64, String)] = [
        (.form("command=INIT&media_type=video%2Fmp4"), 400, 38, "total_bytes parameter is missing."),
        (.form("command=INIT&total_bytes=1"), 400, 38, "media_type parameter is missing."),
        (.form("command=INIT&total_bytes=1&media_type=image%2Fx"), 400, 324, "media type unrecognized."),
        (.form("command=INIT&total_bytes=0&media_type=image%2Fpng"), 400, 44, "total_bytes parameter is invalid."),
        (.form("command=INIT&total_bytes=-1&media_type=image%2Fpng"), 400, 44, "total_bytes parameter is invalid."),
        (
            .form("command=INIT&total_bytes=1&media_type=image%2Fpng&media_category=Tweet"), 400, 44,
            "media_category parameter is invalid."
        ),
        (.form("command=init&total_bytes=1"), 400, 44, "command parameter is invalid."),
        (.form("command=APPEND&media_data=AQID"), 400, 38, "media_id parameter is missing."),
        (.form("command=APPEND&media_id=x&media_data=AQID"), 400, 44, "media_id parameter is invalid."),
        (.form("command=APPEND&media_id=7&media_data=AQID"), 404, 325, "A media id was not found: 7."),
        (.form("command=FINALIZE"), 400, 38, "media_id parameter is missing."),
        (.form("command=FINALIZE&media_id=7"), 404, 325, "A media id was not found: 7."),
        (.form("command=FINALIZE&media_id=7&media_data=AQID"), 400, 44, "media parameter is invalid."),
        (.form("media_data=A"), 400, 44, "media_data parameter is invalid."),
        (.form("media_data=A%00AA"), 400, 44, "media_data parameter is invalid."),
        (.form("media_category=TweetImage"), 400, 38, "media parameter is missing."),
        (.multipart([.field("media_category", "TweetImage")]), 400, 38, "media parameter is missing."),
        (.nothing, 400, 38, "media parameter is missing."),
        (.json("{}"), 400, 214, "Requests with bodies must have content-type of application/json."),
        (.multipart([.media(ByteBuffer())]), 400, 214, "The `media` field has no bytes; at least 1 is needed"),
    ]

    @Test("what is wrong is said in v1.1's frame and words")
    func refused() async throws {
        try await RouteFixture.run { server in
            for (body, status, code, message) in Self.refusals {
                let answer = try await server.send(.post, path, body)
                #expect(answer.status == status, "\(body): \(answer.text)")
                #expect(answer.code == code, "\(body): \(answer.text)")
                #expect(answer.messages.first == message, "\(body)")
                #expect(answer.json["error"] == .string(message))
                #expect(answer.json["request"] == .string(path))
                #expect(answer.headers[.contentType]?.hasPrefix("application/json") == true)
            }
            #expect(try await server.catalog.openUploadCount() == 0)
        }
    }

    @Test("an index out of range, another's upload, sizes that do not add up")
    func segmentsThatDoNotFit() async throws {
        try await RouteFixture.run { server in
            let id = try await initialize(server)
            func append(_ more: String, token: RouteFixture.Token = .alice) async throws -> Answer {
                try await server.send(
                    .post, path, .form("command=APPEND&media_id=\(id)&media_data=AQID\(more)"), token: token)
            }
            let wrong = try await append("&segment_index=1000")
            #expect(wrong.status == 400)
            #expect(wrong.messages == ["SegmentIndex must be between 0 and 999."])
            for index in ["x", "-1", "", "1.0"] {
                #expect(try await append("&segment_index=\(index)").status == 400, "\(index)")
            }
            #expect(try await append("").code == 38)
            #expect(try await append("&segment_index=0", token: .bob).status == 404)
            #expect(
                try await server.send(.get, "\(path)?command=STATUS&media_id=\(id)", token: .bob).status == 404)
            #expect(try await append("&segment_index=0").status == 204)
            let short = try await server.send(.post, path, .form("command=FINALIZE&media_id=\(id)"))
            #expect(short.status == 400)
            #expect(short.json["error"] == .string("Segments do not add up to provided total file size."))
            #expect(short.messages == ["1 segment has 3 bytes, but `total_bytes` is 1024"])
        }
    }

    @Test("STATUS asks for its command and an id")
    func status() async throws {
        try await RouteFixture.run { server in
            for (query, code) in [
                ("", 38), ("?media_id=1", 38), ("?command=STATUS", 38), ("?command=INIT&media_id=1", 44),
                ("?command=STATUS&media_id=x", 44),
            ] {
                let answer = try await server.send(.get, path + query)
                #expect(answer.status == 400, "\(query)")
                #expect(answer.code == Int64(code), "\(query)")
            }
            let (id, _) = try await server.ready()
            let image = try await server.send(.get, "\(path)?command=STATUS&media_id=\(id)")
            #expect(image.json["processing_info"]?["state"] == .string("succeeded"))
            #expect(image.json["image"]?["w"] == .integer(640))
        }
    }

    @Test("what processing refused is said by STATUS and by FINALIZE, with the rule")
    func failed() async throws {
        try await RouteFixture.run { server in
            let failed = try await server.finalized()
            try await server.fail(reason: .init(message: "The image is broken", rule: "image.decodes"))
            let status = try await server.send(.get, "\(path)?command=STATUS&media_id=\(failed)")
            #expect(status.json["processing_info"]?["state"] == .string("failed"))
            #expect(status.json["processing_info"]?["error"]?["name"] == .string("InvalidMedia"))
            let again = try await server.send(.post, path, .form("command=FINALIZE&media_id=\(failed)"))
            #expect(again.status == 400)
            #expect(again.code == 324)
            #expect(again.firstError["rule"] == .string("image.decodes"))
        }
    }
}
