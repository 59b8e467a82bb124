import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

@Suite("The other routes of v1.1")
struct V11RouteTests {
    private let create = "/1.1/media/metadata/create.json"
    private let update = "/1.1/statuses/update.json"

    @Test("alternative text is set by JSON of either type, with the id as text or number")
    func metadata() async throws {
        try await RouteFixture.run { server in
            let (id, _) = try await server.ready()
            let number = #"{"media_id":\#(id),"alt_text":{"text":"two"}}"#
            let bodies: [(Sent, String)] = [
                (.json(#"{"media_id":"\#(id)","alt_text":{"text":"one"}}"#), "one"),
                (.bytes(ByteBuffer(string: number), type: "text/plain; charset=UTF-8"), "two"),
            ]
            for (body, text) in bodies {
                let answer = try await server.send(.post, create, body)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.body.readableBytes == 0)
                #expect(try await server.row(id).metadata.altText == text)
            }
            let stranger = try await server.send(
                .post, create, .json(#"{"media_id":"\#(id)","alt_text":{"text":"mine"}}"#), token: .bob)
            #expect(stranger.status == 404)
            #expect(try await server.row(id).metadata.altText == "two")
        }
    }

    @Test("metadata that cannot be set")
    func badMetadata() async throws {
        try await RouteFixture.run { server in
            let (id, _) = try await server.ready()
            let long = String(repeating: "a", count: 1001)
            for (body, status, code) in [
                (#"{"media_id":"\#(id)","alt_text":{"text":"\#(long)"}}"#, 400, 214),
                (#"{"media_id":"\#(id)","alt_text":"x"}"#, 400, 214), ("[]", 400, 214), ("", 400, 214), ("{", 400, 214),
                ("{}", 400, 38), (#"{"media_id":"x"}"#, 400, 44), (#"{"media_id":-1}"#, 400, 44),
                (#"{"media_id":1.5}"#, 400, 44), (#"{"media_id":"7"}"#, 404, 325),
            ] {
                let answer = try await server.send(.post, create, .json(body))
                #expect(answer.status == status, "\(body)")
                #expect(answer.code == Int64(code), "\(body): \(answer.text)")
            }
            #expect(try await server.row(id).metadata.isEmpty)
        }
    }

    @Test("verify_credentials shows the token's user, its id as number and as text")
    func account() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, "/1.1/account/verify_credentials.json?skip_status=true")
            #expect(answer.status == 200)
            #expect(
                answer.json
                    == .object([
                        "id": .integer(Int64(server.alice.rawValue)), "id_str": .string("\(server.alice)"),
                        "name": .string("alice"), "screen_name": .string("alice"),
                    ]))
        }
    }

    @Test("a post is made with media of either dialect, and v2 shows it")
    func post() async throws {
        try await RouteFixture.run { server in
            let (id, renditions) = try await server.ready()
            let answer = try await server.send(
                .post, update, .form("status=Hello+Ladies+%2B+Gentlemen&media_ids=\(id)&trim_user=1"))
            #expect(answer.status == 200, "\(answer.text)")
            let postID = answer.json["id_str"]?.stringValue ?? ""
            #expect(answer.json["id"] == .integer(try #require(Int64(postID))))
            let url = "https://media.example/media/\(try #require(renditions.first).id).png"
            #expect(answer.json["text"] == .string("Hello Ladies + Gentlemen \(url)"))
            #expect(answer.json["created_at"] == .string(server.clock.now.v11Date))
            #expect(answer.json["user"]?["screen_name"] == .string("alice"))
            guard case .array(let media)? = answer.json["extended_entities"]?["media"], let first = media.first else {
                Issue.record("\(answer.text)")
                return
            }
            #expect(media.count == 1)
            #expect(first["id_str"] == .string(id))
            #expect(first["media_url_https"] == .string(url))
            #expect(first["type"] == .string("photo"))
            let v2 = try await server.send(.get, "/2/tweets/\(postID)")
            #expect(v2.status == 200)
            let reply = try await server.send(
                .post, "\(update)?in_reply_to_status_id=\(postID)&auto_populate_reply_metadata=true",
                .form("status=reply"))
            #expect(reply.status == 200)
        }
    }

    @Test("what cannot be posted, in v1.1's words")
    func refusals() async throws {
        try await RouteFixture.run { server in
            #expect(try await server.send(.post, update, .form("status=twice")).status == 200)
            let long = String(repeating: "a", count: 281)
            let rows: [(Sent, Int, Int64, String)] = [
                (.form("status=twice"), 403, 187, "Status is a duplicate."),
                (.form(""), 403, 170, "Missing required parameter: status."),
                (.nothing, 403, 170, "Missing required parameter: status."),
                (.form("status=\(long)"), 403, 186, "Tweet needs to be a bit shorter."),
                (.form("status=a&media_ids=x"), 400, 44, "media_ids parameter is invalid."),
                (.form("status=a&media_ids=1,2,3,4,5"), 400, 44, "media_ids parameter is invalid."),
                (.form("status=a&media_ids=7"), 400, 324, "The validation of media ids failed."),
                (
                    .json(#"{"status":"a"}"#), 400, 214,
                    "Requests with bodies must have content-type of application/json."
                ),
            ]
            for (body, status, code, message) in rows {
                let answer = try await server.send(.post, update, body)
                #expect(answer.status == status, "\(body): \(answer.text)")
                #expect(answer.code == code, "\(body): \(answer.text)")
                #expect(answer.messages == [message])
                #expect(answer.json["request"] == nil)
            }
        }
    }

    /// Every route of v1.1 and the scopes that it needs.
    static let routes: [AccessTests.Route] = [
        .init(method: .post, path: "/1.1/media/upload.json", scopes: [.mediaWrite]),
        .init(method: .get, path: "/1.1/media/upload.json?command=STATUS&media_id=1", scopes: [.mediaWrite]),
        .init(method: .post, path: "/1.1/media/metadata/create.json", scopes: [.mediaWrite]),
        .init(method: .get, path: "/1.1/account/verify_credentials.json", scopes: [.usersRead, .tweetRead]),
        .init(method: .post, path: "/1.1/statuses/update.json", scopes: [.tweetRead, .tweetWrite, .usersRead]),
    ]

    @Test("no credentials, wrong ones, and those that do not suffice", arguments: routes)
    func access(route: AccessTests.Route) async throws {
        try await RouteFixture.run { server in
            let absent = try await server.send(route.method, route.path, token: .none)
            #expect(absent.status == 400)
            #expect(absent.code == 215)
            #expect(absent.messages == ["Bad Authentication data."])
            let unknown = try await server.send(route.method, route.path, token: .unknown)
            #expect(unknown.status == 401)
            #expect(unknown.code == 89)
            let appOnly = try await server.send(route.method, route.path, token: .app)
            #expect(appOnly.status == 403)
            #expect(appOnly.code == 220)
            for scope in route.scopes {
                let answer = try await server.send(route.method, route.path, token: .without(scope))
                #expect(answer.status == 403)
                #expect(answer.code == 220)
                #expect(answer.messages == ["Your credentials do not allow access to this resource."])
            }
        }
    }

    @Test("a path that there is not, and a method that a path does not take, in v1.1's frame")
    func misses() async throws {
        try await RouteFixture.run { server in
            for path in ["/1.1/search/tweets.json", "/1.1/", "/1.1/media/upload.json/x", "/1.1/account"] {
                let missing = try await server.send(.get, path)
                #expect(missing.status == 404)
                #expect(missing.code == 34)
                #expect(missing.messages == ["Sorry, that page does not exist."])
            }
            let wrong = try await server.send(.delete, "/1.1/media/upload.json")
            #expect(wrong.status == 405)
            #expect(wrong.code == 86)
            #expect(wrong.headers[.allow] == "GET, HEAD, POST")
            #expect(wrong.json["request"] == .string("/1.1/media/upload.json"))
            // Elsewhere v2's frame.
            #expect(try await server.send(.get, "/1.2/a.json").json["title"] != nil)
        }
    }

    @Test(
        "v1.1's dates",
        arguments: [
            (1_539_202_764_000, "Wed Oct 10 20:19:24 +0000 2018"), (0, "Thu Jan 01 00:00:00 +0000 1970"),
            (-1000, "Wed Dec 31 23:59:59 +0000 1969"), (1_709_164_800_999, "Thu Feb 29 00:00:00 +0000 2024"),
        ] as [(Int64, String)])
    func dates(milliseconds: Int64, text: String) {
        #expect(Timestamp(rawValue: milliseconds).v11Date == text)
    }
}
