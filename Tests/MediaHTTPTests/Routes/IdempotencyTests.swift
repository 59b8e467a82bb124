import HTTPTypes
import Hummingbird
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private func headers(_ key: String) throws -> HTTPFields {
        [try #require(HTTPField.Name("idempotency-key")): key]
    }

    private func isReplay(_ answer: Answer) -> Bool {
        HTTPField.Name("idempotent-replayed").map { answer.headers[$0] == "true" } ?? false
    }

    @Test("a post that is sent again is answered as before, though it would be a duplicate, and its media is gone")
    func post() async throws {
        try await RouteFixture.run { server in
            let media = try await server.ready().id
            let body = Sent.json(#"{"text":"a","media":{"media_ids":["\#(media)"]}}"#)
            let first = try await server.send(.post, "/2/tweets", body, headers: headers(#""k-1""#))
            #expect(first.status == 201)
            #expect(!isReplay(first))
            _ = try await server.catalog.markDeleting(
                try #require(MediaID(media)), owner: nil, onlyUnfinished: false)
            let again = try await server.send(.post, "/2/tweets", body, headers: headers("k-1"))
            #expect(again.status == 201)
            #expect(again.text == first.text)
            #expect(again.headers[.contentType] == first.headers[.contentType])
            #expect(isReplay(again))
            // The same JSON, written otherwise.
            let spaced = Sent.json(#"{ "media": {"media_ids": ["\#(media)"]}, "text": "\u0061" }"#)
            #expect(try await server.send(.post, "/2/tweets", spaced, headers: headers("k-1")).text == first.text)
        }
    }

    @Test("a changed body under the same key is 422; another user's key is another key")
    func changed() async throws {
        try await RouteFixture.run { server in
            let first = try await server.send(.post, "/2/tweets", .json(#"{"text":"a"}"#), headers: headers("k"))
            let changed = try await server.send(.post, "/2/tweets", .json(#"{"text":"b"}"#), headers: headers("k"))
            #expect(changed.status == 422)
            #expect(changed.headers[.contentType] == "application/problem+json")
            #expect(changed.firstError["rule"] == .string("idempotency_key"))
            let other = try await server.send(
                .post, "/2/tweets", .json(#"{"text":"b"}"#), token: .bob, headers: headers("k"))
            #expect(other.status == 201)
            #expect(other.id != first.id)
            let timeline = try await server.send(.get, "/2/users/\(server.alice)/tweets")
            #expect(timeline.json["meta"]?["result_count"] == .integer(1))
        }
    }

    @Test("initialize with a key makes one upload, and answers alike a day long")
    func initialize() async throws {
        try await RouteFixture.run { server in
            let body = Sent.json(#"{"media_category":"tweet_video","total_bytes":900}"#)
            let first = try await server.send(.post, "/2/media/upload/initialize", body, headers: headers("k"))
            #expect(first.status == 200)
            server.clock.advance(by: .seconds(86_399))
            let again = try await server.send(.post, "/2/media/upload/initialize", body, headers: headers("k"))
            #expect(again.status == 200)
            #expect(again.text == first.text)
            #expect(isReplay(again))
            #expect(try await server.catalog.openUploadCount() == 1)
            let changed = try await server.send(
                .post, "/2/media/upload/initialize", .json("{}"), headers: headers("k"))
            #expect(changed.status == 422)
            // A post's keys are its own.
            #expect(
                try await server.send(.post, "/2/tweets", .json(#"{"text":"b"}"#), headers: headers("k")).status == 201)
        }
    }

    @Test("command=INIT takes keys too, initialize's own; v1.1's INIT has keys of its own")
    func commands() async throws {
        try await RouteFixture.run { server in
            let members = "media_category=tweet_video&total_bytes=900"
            let json = Sent.json(#"{"media_category":"tweet_video","total_bytes":900}"#)
            let first = try await server.send(.post, "/2/media/upload/initialize", json, headers: headers("k"))
            let ways: [(String, Sent)] = [
                ("/2/media/upload", .form("command=INIT&\(members)")),
                ("/2/media/upload?command=INIT&\(members)", .nothing),
                ("/2/media/upload?command=INIT", .form(members)),
                (
                    "/2/media/upload",
                    .multipart([
                        .field("command", "INIT"), .field("media_category", "tweet_video"),
                        .field("total_bytes", "900"),
                    ])
                ),
            ]
            for (path, body) in ways {
                let again = try await server.send(.post, path, body, headers: headers("k"))
                #expect(again.text == first.text, "\(path)")
                #expect(isReplay(again))
            }
            let changed = try await server.send(
                .post, "/2/media/upload", .form("command=INIT&total_bytes=901"), headers: headers("k"))
            #expect(changed.status == 422)

            let path = "/1.1/media/upload.json"
            let old = Sent.form("command=INIT&media_type=video%2Fmp4&total_bytes=900")
            let begun = try await server.send(.post, path, old, headers: headers("k"))
            #expect(begun.status == 202)
            let repeated = try await server.send(.post, path, old, headers: headers("k"))
            #expect(repeated.status == 202)
            #expect(repeated.text == begun.text)
            #expect(isReplay(repeated))
            let other = try await server.send(
                .post, path, .form("command=INIT&media_type=video%2Fmp4&total_bytes=901"), headers: headers("k"))
            #expect(other.status == 422)
            #expect(other.code == 214)
            #expect(try await server.catalog.openUploadCount() == 2)
        }
    }

    @Test("what was refused is judged anew")
    func refused() async throws {
        try await RouteFixture.run { server in
            let body = Sent.json(#"{"text":"same"}"#)
            let id = try await server.post("same")
            #expect(try await server.send(.post, "/2/tweets", body, headers: headers("k")).status == 403)
            #expect(try await server.send(.delete, "/2/tweets/\(id)").status == 200)
            #expect(try await server.send(.post, "/2/tweets", body, headers: headers("k")).status == 201)
        }
    }

    @Test("a key that is none is 400", arguments: ["", "\"\"", "\"a", "a\tb", "ü", "\"a\"b\"", #""a\b""#])
    func malformed(key: String) async throws {
        #expect(Request.key(of: key) == nil)
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, "/2/tweets", .json(#"{"text":"a"}"#), headers: headers(key))
            #expect(answer.isInvalidRequest)
        }
    }

    @Test("two keys are none, and one of 255 characters is one")
    func keys() async throws {
        try await RouteFixture.run { server in
            let name = try #require(HTTPField.Name("idempotency-key"))
            var two = HTTPFields()
            two.append(HTTPField(name: name, value: "a"))
            two.append(HTTPField(name: name, value: "b"))
            #expect(try await server.send(.post, "/2/tweets", .json(#"{"text":"a"}"#), headers: two).status == 400)
        }
        #expect(Request.key(of: String(repeating: "a", count: 255)) != nil)
        #expect(Request.key(of: String(repeating: "a", count: 256)) == nil)
        #expect(Request.key(of: #" "a \" \\ b" "#) == #"a " \ b"#)
    }
}
