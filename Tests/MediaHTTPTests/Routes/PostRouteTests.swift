import HTTPTypes
import MediaCore
import Testing
import XMedia

@Suite("Posts")
struct PostRouteTests {
    @Test("a post with media is 201 with both histories and a link to the media")
    func create() async throws {
        try await RouteFixture.run { server in
            let (media, renditions) = try await server.ready()
            let answer = try await server.send(
                .post, "/2/tweets", .json(#"{"text":"I made a post with media!","media":{"media_ids":["\#(media)"]}}"#))
            #expect(answer.status == 201)
            let history = JSONValue.array([.string(answer.id)])
            #expect(
                answer.data
                    == .object([
                        "id": .string(answer.id),
                        "text": .string(
                            "I made a post with media! https://media.example/media/\(renditions[0].id).png"),
                        "edit_history_tweet_ids": history, "edit_history_post_ids": history,
                    ]))
            #expect(try await server.row(media).expiresAt == nil)
        }
    }

    @Test("a post is looked up with its media, by everybody who may read posts")
    func lookup() async throws {
        try await RouteFixture.run { server in
            let media = try await server.ready().id
            let id = try await server.post("hello", media: [media])
            let plain = try await server.send(.get, "/2/tweets/\(id)", token: .app)
            #expect(plain.status == 200)
            #expect(plain.data["author_id"] == .string("\(server.alice)"))
            #expect(plain.data["created_at"] == .string("2023-11-14T22:13:20.000Z"))
            #expect(plain.data["edit_history_tweet_ids"] == .array([.string(id)]))
            #expect(plain.data["attachments"] == .object(["media_keys": .array([.string("3_\(media)")])]))
            #expect(plain.json["includes"] == nil)
            let expanded = try await server.send(
                .get,
                "/2/tweets/\(id)?expansions=attachments.media_keys,author_id&media.fields=width&tweet.fields=created_at"
            )
            #expect(
                expanded.json["includes"]
                    == .object([
                        "media": .array([
                            .object([
                                "media_key": .string("3_\(media)"), "type": .string("photo"), "width": .integer(640),
                            ])
                        ])
                    ]))
        }
    }

    @Test("several posts come in the order asked for, misses beside them")
    func list() async throws {
        try await RouteFixture.run { server in
            let first = try await server.post("one")
            let second = try await server.post("two")
            let answer = try await server.send(.get, "/2/tweets?ids=\(second),1,\(first)")
            guard case .array(let data) = answer.data else {
                Issue.record("\(answer.text)")
                return
            }
            #expect(data.map { $0["id"] } == [.string(second), .string(first)])
            #expect(answer.firstError["detail"] == .string("Could not find tweet with ids: [1]."))
            #expect(answer.firstError["resource_type"] == .string("tweet"))
        }
    }

    @Test(
        "refuses queries in X's words",
        arguments: [
            ("/2/tweets", "The `ids` query parameter can not be empty"),
            ("/2/tweets?ids=1,x", "The `ids` query parameter value [x] does not match ^[0-9]{1,19}$"),
            ("/2/tweets/x", "The `id` query parameter value [x] is not valid"),
        ])
    func queries(path: String, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, path)
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
        }
    }

    @Test(
        "refuses bodies",
        arguments: [
            ("{}", 400), ("[]", 400), (#"{"text":"\#(String(repeating: "a", count: 281))"}"#, 400),
            (#"{"text":"a","media":{"media_ids":[]}}"#, 400),
            (#"{"text":"a","media":{"media_ids":["1","2","3","4","5"]}}"#, 400),
            (#"{"text":" \n\u00a0\u3000"}"#, 400),
            (#"{"text":"a","unknown":1}"#, 400), (#"{"text":"a","media":{"media_ids":["7_1"]}}"#, 400),
        ])
    func refusesBodies(body: String, status: Int) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, "/2/tweets", .json(body))
            #expect(answer.isInvalidRequest, "\(answer.text)")
        }
    }

    @Test("fields that exclude each other, unknown media and unknown tags are refused in X's words")
    func refusals() async throws {
        try await RouteFixture.run { server in
            let exclusive = try await server.send(
                .post, "/2/tweets", .json(#"{"text":"a","media":{"media_ids":["1"]},"quote_tweet_id":"2"}"#))
            #expect(
                exclusive.messages == [
                    "You can only provide one of poll or quote_tweet_id or direct_message_deep_link or media or card_uri."
                ])
            let media = try await server.send(.post, "/2/tweets", .json(#"{"media":{"media_ids":["123"]}}"#))
            #expect(media.isInvalidRequest)
            #expect(
                media.firstError
                    == .object([
                        "message": .string("Your media IDs are invalid."),
                        "parameters": .object(["media.media_ids": .array([.string("123")])]),
                    ]))
            let ready = try await server.ready().id
            let tags = try await server.send(
                .post, "/2/tweets", .json(#"{"media":{"media_ids":["\#(ready)"],"tagged_user_ids":["5"]}}"#))
            #expect(tags.messages == ["Your tagged user IDs are invalid."])
        }
    }

    @Test("media that is not ready, foreign or expired is invalid; media shared with the author is not")
    func media() async throws {
        try await RouteFixture.run { server in
            let shared = try await server.ready(#"{"additional_owners":["\#(server.bob)"]}"#).id
            let foreign = try await server.ready().id
            let pending = try await server.finalized(token: .bob)
            for id in [foreign, pending] {
                let answer = try await server.send(
                    .post, "/2/tweets", .json(#"{"media":{"media_ids":["\#(id)"]}}"#), token: .bob)
                #expect(answer.messages == ["Your media IDs are invalid."])
            }
            #expect(try await !server.post("mine", media: [shared], token: .bob).isEmpty)
            server.clock.advance(by: .seconds(86_401))
            let expired = try await server.send(.post, "/2/tweets", .json(#"{"media":{"media_ids":["\#(foreign)"]}}"#))
            #expect(expired.messages == ["Your media IDs are invalid."])
        }
    }

    @Test("photos and a video do not go together")
    func mixed() async throws {
        try await RouteFixture.run { server in
            let photo = try await server.ready().id
            let video = try await server.ready(
                #"{"media_category":"tweet_video"}"#,
                facts: MediaFacts(kind: .video, mediaType: .mp4, width: 64, height: 64, durationMs: 1000), roles: [.mp4]
            ).id
            let answer = try await server.send(
                .post, "/2/tweets", .json(#"{"media":{"media_ids":["\#(photo)","\#(video)"]}}"#))
            #expect(answer.isInvalidRequest)
        }
    }

    @Test("the same again is 403 in X's words")
    func duplicate() async throws {
        try await RouteFixture.run { server in
            _ = try await server.post("again")
            let answer = try await server.send(.post, "/2/tweets", .json(#"{"text":"again"}"#))
            #expect(answer.status == 403)
            #expect(
                answer.json["detail"] == .string("You are not allowed to create a Tweet with duplicate content."))
        }
    }

    @Test("only the author deletes a post; its media expire again")
    func delete() async throws {
        try await RouteFixture.run { server in
            let media = try await server.ready().id
            let id = try await server.post("bye", media: [media])
            #expect(try await server.send(.delete, "/2/tweets/\(id)", token: .bob).status == 404)
            let answer = try await server.send(.delete, "/2/tweets/\(id)")
            #expect(answer.status == 200)
            #expect(answer.json == .object(["data": .object(["deleted": .bool(true)])]))
            #expect(try await server.send(.delete, "/2/tweets/\(id)").status == 404)
            #expect(try await server.row(media).expiresAt != nil)
        }
    }

    @Test("users/me is the token's user")
    func me() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.get, "/2/users/me?user.fields=created_at")
            #expect(
                answer.json
                    == .object([
                        "data": .object([
                            "id": .string("\(server.alice)"), "name": .string("alice"), "username": .string("alice"),
                        ])
                    ]))
        }
    }
}
