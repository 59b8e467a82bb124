import Foundation
import JSONBody
import NIOCore
import XMedia

extension FuzzTarget {
    /// A JSON body with a streamed `media`: independent of how it is cut, and what is accepted, Foundation reads alike.
    static let jsonBody = FuzzTarget("json-body", seeds: jsonSeeds, tokens: jsonTokens) { input in
        let transcripts = Cuts.all(of: input).map { JSONTranscript(of: $0) }
        let whole = transcripts[0]
        for other in transcripts.dropFirst() {
            try require(other == whole, "cut in another way: \(other) instead of \(whole)")
        }
        try require(whole.media.count <= input.count, "\(whole.media.count) bytes of media")
        try require(whole.members.count <= JSONBodyLimits().memberBytes, "\(whole.members.count) bytes of members")
        guard whole.error == nil else { return }
        guard case .object(var expected)? = try? JSONDecoder().decode(JSONValue.self, from: Data(input)) else {
            // Foundation refuses numbers beyond a double; the reader leaves them to whoever decodes the members.
            try require(
                (try? JSONDecoder().decode(JSONValue.self, from: Data(whole.members))) == nil,
                "Foundation refuses the whole")
            return
        }
        let media = expected.removeValue(forKey: "media")?.stringValue
        try require((media != nil) == whole.hasMedia, "media: \(whole.hasMedia)")
        let found = try JSONDecoder().decode(JSONValue.self, from: Data(whole.members))
        try require(found == .object(expected), "\(found) instead of \(expected)")
        if let media {
            let padded = media + String(repeating: "=", count: (4 - media.utf8.count % 4) % 4)
            try require(Data(base64Encoded: padded) == Data(whole.media), "other media than Foundation's")
        }
    }

    /// Request bodies: what a schema lets pass, its type decodes; nothing is complained of without bound; JSON values are
    /// written as they were read.
    static let schema = FuzzTarget("schema", seeds: schemaSeeds, tokens: jsonTokens + schemaTokens) { input in
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(input)) else { return }
        let written = try JSONEncoder().encode(value)
        try require(
            try JSONDecoder().decode(JSONValue.self, from: written).isSame(as: value), "not written as it was read")
        func check<Body: Decodable>(_ schema: Schema, _ type: Body.Type) throws {
            let violations = schema.violations(in: value)
            try require(violations.count <= 20, "\(violations.count) violations")
            try require(violations.allSatisfy { $0.message.utf8.count < 4096 }, "a long complaint")
            guard violations.isEmpty else { return }
            do {
                _ = try JSONDecoder().decode(type, from: written)
            } catch {
                throw FuzzFailure(description: "the schema permits what \(type) does not: \(error)")
            }
        }
        try check(.initialize, InitializeRequest.self)
        try check(.oneShot, InitializeRequest.self)
        try check(.createMetadata, MetadataRequest.self)
        try check(.createPost, CreatePostRequest.self)
    }

    private static let jsonTokens = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0041", "\\ud83d\\ude00", "\\ud83d", "\"media\"",
        "\"m\\u0065dia\"",
        "\"segment_index\"", "null", "true", "false", "0", "-1", "1e9", "1e999", "0.5", "AAAA", "AA==", "AAA", "=",
        "\\/",
        "\u{FEFF}", "é", " ",
    ]

    private static var jsonSeeds: [[UInt8]] {
        [
            #"{"media":"aGVsbG8=","segment_index":0}"#, #"{ "segment_index" : "1" , "media" : "aGVsbG8" }"#,
            #"{"media":"","a":[1,-0.5e+3,true,false,null,{"b":["\ud83d\ude00é\n"]}]}"#, #"{}"#,
            #"{"media":"AA\/\u0041\u003d="}"#, #"{"a":{"media":"AAAA"},"media":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        ].map { Array($0.utf8) }
    }

    private static let schemaTokens = [
        "\"text\"", "\"media_ids\"", "\"id\"", "\"1\"", "\"7_1\"", "\"media_category\"", "\"tweet_video\"",
        "\"additional_owners\"", "\"total_bytes\"", "17179869184", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "\"99999999999999999999\"", "\"metadata\"", "\"alt_text\"", "1.0", "1.5", "-0", "-0.0",
    ]

    private static var schemaSeeds: [[UInt8]] {
        [
            #"{"media_category":"tweet_video","media_type":"video/mp4","total_bytes":1024,"shared":false,"additional_owners":["1"]}"#,
            #"{"text":"a","media":{"media_ids":["1"],"tagged_user_ids":[],"preview_media_id":"2"},"poll":{"options":["a","b"],"duration_minutes":5}}"#,
            #"{"id":"1","metadata":{"alt_text":{"text":"a"},"content_expiration":{"timestamp_sec":1.5},"sticker_info":{"stickers":[{"id":"1","transform_a":1}]}}}"#,
            #"{"id":"1","metadata":{"geo_restrictions":{"whitelisted_country_codes":["de"],"blacklisted_country_codes":[]}}}"#,
        ].map { Array($0.utf8) }
    }
}

/// Everything that a reader says of a body.
struct JSONTranscript: Equatable {
    var media: [UInt8] = []
    var members: [UInt8] = []
    var hasMedia = false
    var isMediaEnded = false
    var isEnded = false
    var error: JSONBodyError?

    init(of buffers: [ByteBuffer]) {
        var reader = JSONBodyReader(streamedMember: "media")
        do throws(JSONBodyError) {
            for buffer in buffers {
                reader.append(buffer)
                while let event = try reader.next() { take(event) }
            }
            try reader.finish()
        } catch {
            self.error = error
            // How much was decoded before a fault depends on the buffers, and nobody uses it.
            media = []
        }
    }

    private mutating func take(_ event: JSONBodyEvent) {
        switch event {
        case .streamBegin: hasMedia = true
        case .streamed(let bytes): media += bytes.readableBytesView
        case .streamEnd: isMediaEnded = true
        case .end(let members):
            self.members = Array(members.readableBytesView)
            isEnded = true
        }
    }
}

extension JSONValue {
    /// Whether two values are equal; a whole number may be an integer or a double.
    fileprivate func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let integer), .number(let double)), (.number(let double), .integer(let integer)):
            Double(integer) == double
        case (.array(let items), .array(let others)):
            items.count == others.count && zip(items, others).allSatisfy { $0.isSame(as: $1) }
        case (.object(let members), .object(let others)):
            members.count == others.count && members.allSatisfy { others[$0.key]?.isSame(as: $0.value) ?? false }
        default:
            self == other
        }
    }
}
