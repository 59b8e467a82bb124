import HTTPTypes
import NIOCore
import Testing
import XMedia

@Suite("POST /2/media/upload/initialize")
struct InitializeRouteTests {
    private let path = "/2/media/upload/initialize"

    @Test("answers id, media key and seconds left, as the guide shows them")
    func answers() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, path,
                .json(#"{"media_type":"video/mp4","total_bytes":1024,"media_category":"amplify_video"}"#))
            #expect(answer.status == 200)
            #expect(answer.data["media_key"] == .string("13_\(answer.id)"))
            #expect(answer.data["expires_after_secs"] == .integer(1_295_999))
            #expect(answer.json["errors"] == nil)
        }
    }

    @Test("an empty object is enough; null counts as absent")
    func allOptional() async throws {
        try await RouteFixture.run { server in
            for body in ["{}", #"{"total_bytes":null}"#] {
                let answer = try await server.send(.post, path, .json(body))
                #expect(answer.status == 200)
            }
        }
    }

    @Test("the content type may have parameters and any case")
    func contentType() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, path, .bytes(.init(string: "{}"), type: "Application/JSON; charset=utf-8"))
            #expect(answer.status == 200)
        }
    }

    @Test(
        "refuses bodies in X's words",
        arguments: [
            (#"{"total_bytes"#, "Request body is not valid JSON."),
            ("", "Request body is not valid JSON."),
            ("[]", "Request body must be a JSON object."),
            (#""INIT""#, "Request body must be a JSON object."),
            (
                #"{"total_bytes":17179869185}"#,
                "The `total_bytes` field value [17179869185] is not between 0 and 17179869184"
            ),
            (#"{"total_bytes":"1"}"#, "The `total_bytes` field value [1] is not an integer"),
            (#"{"additional_owners":["x"]}"#, "The `additional_owners` field value [x] does not match ^[0-9]{1,19}$"),
        ])
    func refusesBody(body: String, message: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, .json(body))
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
        }
    }

    @Test("names every fault at once, and members that the closed schema does not have")
    func namesAll() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, .json(#"{"media_type":"a/b","media_id":"1","shared":3}"#))
            #expect(answer.isInvalidRequest)
            #expect(answer.messages.count == 3)
            #expect(answer.messages.last?.hasPrefix("The `media_id` field is not one of [media_category,") == true)
        }
    }

    @Test("refuses other content types in X's words, with 400", arguments: ["text/plain", "multipart/form-data", ""])
    func otherContentTypes(type: String) async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, .bytes(.init(string: "{}"), type: type))
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == ["Requests with bodies must have content-type of application/json."])
        }
    }

    @Test("a body beyond 1 MiB is 413, also when nobody announced its length")
    func tooLarge() async throws {
        try await RouteFixture.run { server in
            let body = #"{"media_type":""# + String(repeating: "x", count: 1 << 20) + #""}"#
            let answer = try await server.send(.post, path, .json(body))
            #expect(answer.status == 413)
        }
    }

    @Test("nesting without end is no valid JSON, not the end of the server")
    func deep() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(.post, path, .json(String(repeating: "[", count: 500_000)))
            #expect(answer.isInvalidRequest)
        }
    }
}
