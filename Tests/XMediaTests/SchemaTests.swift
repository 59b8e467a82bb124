import Foundation
import Testing

@testable import XMedia

@Suite("Request schemas")
struct SchemaTests {
    private func violations(_ schema: Schema, _ json: String) throws -> [String] {
        schema.violations(in: try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))).map(\.message)
    }

    @Test(
        "X's own examples are in order",
        arguments: [
            "{}",
            #"{"additional_owners":["2244994945"],"media_category":"tweet_video","media_type":"video/mp4","shared":true,"total_bytes":8589934592}"#,
            #"{"total_bytes":17179869184}"#, #"{"total_bytes":0,"shared":null}"#,
        ])
    func examples(json: String) throws {
        #expect(try violations(.initialize, json) == [])
    }

    @Test(
        "each departure is named with what would be accepted",
        arguments: [
            (
                #"{"total_bytes":17179869185}"#,
                "The `total_bytes` field value [17179869185] is not between 0 and 17179869184"
            ),
            (#"{"total_bytes":-1}"#, "The `total_bytes` field value [-1] is not between 0 and 17179869184"),
            (#"{"total_bytes":"1"}"#, "The `total_bytes` field value [1] is not an integer"),
            (#"{"total_bytes":1.5}"#, "The `total_bytes` field value [1.5] is not an integer"),
            (#"{"shared":"yes"}"#, "The `shared` field value [yes] is not a boolean"),
            (#"{"additional_owners":"1"}"#, "The `additional_owners` field value [1] is not an array"),
            (#"{"additional_owners":["x"]}"#, "The `additional_owners` field value [x] does not match ^[0-9]{1,19}$"),
            (
                #"{"media":"x"}"#,
                "The `media` field is not one of [media_category, media_type, total_bytes, shared, additional_owners]"
            ),
            ("[]", "The request body value [[…]] is not an object"),
        ])
    func departures(json: String, message: String) throws {
        #expect(try violations(.initialize, json) == [message])
    }

    @Test("inner members are named by their path")
    func paths() throws {
        let json = #"{"media":{"media_ids":[],"tagged_user_ids":["a"],"more":1},"poll":{}}"#
        #expect(
            try violations(.createPost, json) == [
                "The `media.media_ids` field has 0 items, not 1 to 4",
                "The `media.tagged_user_ids` field value [a] does not match ^[0-9]{1,19}$",
                "The `media.more` field is not one of [media_ids, tagged_user_ids, preview_media_id, title, description, embeddable, call_to_actions]",
                "The `poll.options` field is required", "The `poll.duration_minutes` field is required",
            ])
    }

    @Test("alt text has at most 1000 characters")
    func altText() throws {
        func body(_ count: Int) -> String {
            #"{"id":"1","metadata":{"alt_text":{"text":"\#(String(repeating: "é", count: count))"}}}"#
        }
        #expect(try violations(.createMetadata, body(1000)) == [])
        #expect(try violations(.createMetadata, body(1001)).count == 1)
    }

    @Test("a body of very many unknown members is refused with few complaints")
    func manyMembers() {
        var members: [String: JSONValue] = [:]
        for index in 0..<20_000 { members["a\(index)"] = .null }
        #expect(Schema.createPost.violations(in: .object(members)).count == 20)
    }

    @Test("forms get the types that the schema asks for")
    func forms() {
        let typed = Schema.initialize.typed([
            ("total_bytes", "1024"), ("shared", "true"), ("additional_owners", "1, 2"), ("additional_owners", "3"),
            ("media_type", "video/mp4"),
        ])
        #expect(
            typed
                == .object([
                    "total_bytes": .integer(1024), "shared": .bool(true), "media_type": .string("video/mp4"),
                    "additional_owners": .array([.string("1"), .string("2"), .string("3")]),
                ]))
        #expect(Schema.initialize.typed([("total_bytes", "many")]) == .object(["total_bytes": .string("many")]))
    }
}

@Suite("Wire forms")
struct WireFormTests {
    @Test("ids have 1 to 19 digits", arguments: ["1", "9999999999999999999", "0001"])
    func ids(text: String) { #expect(MediaID(text) != nil) }

    @Test("and nothing else", arguments: ["", "-1", "+1", " 1", "1a", "12345678901234567890", "１"])
    func noIDs(text: String) { #expect(MediaID(text) == nil) }

    @Test("media keys are two numbers", arguments: ["3", "3_", "_3", "3_x", "x_3", "3_3_3", "3 _3", ""])
    func noKeys(text: String) { #expect(MediaKey(text) == nil) }

    @Test("the answer of the guide is read and written as it stands there")
    func guide() throws {
        let text =
            #"{"data":{"expires_after_secs":86400,"id":"1880028106020515840","media_key":"13_1880028106020515840","processing_info":{"check_after_secs":1,"state":"pending"},"size":1024}}"#
        let envelope = try JSONDecoder().decode(DataEnvelope<UploadData>.self, from: Data(text.utf8))
        #expect(envelope.data?.processingInfo == ProcessingInfo(state: .pending, checkAfterSecs: 1))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(envelope), as: UTF8.self) == text)
    }
}
