import Crypto
import HTTPTypes
import MediaCore
import MediaRules
import NIOCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("POST /2/media/upload/{id}/append")
struct AppendRouteTests {
    private let content = RouteFixture.bytes(100_000)

    private func base64(_ bytes: ByteBuffer) -> String { Base64.encode(bytes) }

    /// The one segment of an upload, as it is stored.
    private func stored(_ id: String, in server: RouteFixture) async throws -> (index: Int, bytes: ByteBuffer) {
        let segments = try await server.segments(id)
        let segment = try #require(segments.first)
        return (segment.index, try await server.blobs.contents(segment.blob, size: segment.size))
    }

    @Test(
        "takes forms in any order, with and without a file name, raw and in base64",
        arguments: [true, false], ["a.mp4", nil])
    func multipart(indexFirst: Bool, filename: String?) async throws {
        try await RouteFixture.run { server in
            for encoding in [nil, "binary", "base64"] {
                let id = try await server.initialize()
                let sent = encoding == "base64" ? ByteBuffer(string: base64(content)) : content
                let media = Part.media(sent, filename: filename, encoding: encoding)
                let index = Part.field("segment_index", "7")
                let answer = try await server.send(
                    .post, "/2/media/upload/\(id)/append", .multipart(indexFirst ? [index, media] : [media, index]))
                #expect(answer.status == 200)
                #expect(answer.data["expires_at"] == .integer(1_700_000_000 + 1_295_999))
                let segment = try await stored(id, in: server)
                #expect(segment.index == 7)
                #expect(segment.bytes == content)
            }
        }
    }

    @Test("takes JSON with base64, its members in any order", arguments: [true, false])
    func json(indexFirst: Bool) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize()
            let media = #""media":"\#(base64(content))""#
            let index = #""segment_index":3"#
            let body = "{" + (indexFirst ? "\(index),\(media)" : "\(media),\(index)") + "}"
            let answer = try await server.send(.post, "/2/media/upload/\(id)/append", .json(body))
            #expect(answer.status == 200)
            let segment = try await stored(id, in: server)
            #expect(segment.index == 3)
            #expect(segment.bytes == content)
        }
    }

    @Test("streams: no buffer that is written is larger than one that arrived")
    func streams() async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(#"{"media_category":"tweet_video"}"#)
            let answer = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(8 << 20))]))
            #expect(answer.status == 200)
            // The test client sends 32 KiB at a time.
            #expect(server.blobs.largestWrite <= 32 << 10)
        }
    }

    @Test("more than 8 MiB is 413, whatever the encoding, and leaves nothing behind")
    func tooLarge() async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(#"{"media_category":"tweet_video"}"#)
            let much = RouteFixture.bytes(8 << 20 + 1)
            let form = try await server.send(
                .post, "/2/media/upload/\(id)/append", .multipart([.media(much), .field("segment_index", "0")]))
            let json = try await server.send(
                .post, "/2/media/upload/\(id)/append",
                .json(#"{"media":"\#(base64(much))","segment_index":0}"#))
            for answer in [form, json] {
                #expect(answer.status == 413)
                #expect(answer.json["status"] == .integer(413))
            }
            let names = try await server.blobs.names()
            #expect(names.isEmpty)
        }
    }

    @Test("an announced length that no segment has is refused before a byte is read")
    func announcedLength() async throws {
        try await RouteFixture.run(rules: Self.tinySegments) { server in
            let id = try await server.initialize()
            let answer = try await server.send(
                .post, "/2/media/upload/\(id)/append", .multipart([.media(RouteFixture.bytes(2 << 20))]))
            #expect(answer.status == 413)
            #expect(server.blobs.largestWrite == 0)
        }
    }

    private static var tinySegments: RuleBook {
        var rules = RuleBook(profile: .x)
        rules.maxSegmentBytes = 1000
        return rules
    }

    @Test(
        "refuses forms that say too little or too much",
        arguments: [
            ([Part.media(RouteFixture.bytes(10))], "The `segment_index` field is required"),
            ([Part.field("segment_index", "0")], "The `media` field is required"),
            (
                [.media(RouteFixture.bytes(10)), .field("segment_index", "x")],
                "The `segment_index` field value [x] is not an integer"
            ),
            (
                [.media(RouteFixture.bytes(10)), .field("segment_index", "-1")],
                "The `segment_index` field value [-1] is not between 0 and 9999"
            ),
            (
                [.media(RouteFixture.bytes(10)), .field("segment_index", "1000")],
                "The `segment_index` field value [1000] is not between 0 and 999"
            ),
            (
                [.field("segment_index", "0"), .media(ByteBuffer())],
                "The `media` field has no bytes; at least 1 is needed"
            ),
            (
                [.media(RouteFixture.bytes(10)), .media(RouteFixture.bytes(10)), .field("segment_index", "0")],
                "The `media` field stands more than once in the form"
            ),
            (
                [.media(RouteFixture.bytes(10)), .field("segment_index", "0"), .field("shared", "1")],
                "The `shared` field is not one of [segment_index]"
            ),
            (
                [.media(ByteBuffer(string: "a*b="), encoding: "base64"), .field("segment_index", "0")],
                "The base64 text has \"*\" at offset 1, which is no character of base64."
            ),
        ])
    func refusesForms(parts: [Part], message: String) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize()
            let answer = try await server.send(.post, "/2/media/upload/\(id)/append", .multipart(parts))
            #expect(answer.isInvalidRequest)
            #expect(answer.messages == [message])
            let names = try await server.blobs.names()
            #expect(names.isEmpty)
        }
    }

    @Test(
        "refuses hostile bodies with 400 or 413 and keeps nothing of them",
        arguments: [
            Sent.json(#"{"media":"AAAA""#), .json(#"{"media":"A","segment_index":0}"#), .json("[]"),
            .json(#"{"media":7,"segment_index":0}"#), .json(#"{"media":"AAAA","media":"BBBB","segment_index":0}"#),
            .json(#"{"media":"AAAA","segment_index":0}x"#),
            .json(#"{"media":"AAAA","segment_index":"x"}"#),
            .json(#"{"x":""# + String(repeating: "y", count: 70_000) + #"","media":"AAAA"}"#),
            .json(#"{"media":"AAAA","x":"# + String(repeating: "[", count: 40_000)),
            .bytes(ByteBuffer(string: "--b\r\n"), type: "multipart/form-data; boundary=b"),
            .bytes(ByteBuffer(string: "nothing"), type: "multipart/form-data; boundary=b"),
            .bytes(ByteBuffer(string: "--b--"), type: "multipart/form-data"),
            .multipart((0..<40).map { .field("f\($0)", "") }),
            .multipart([.field("segment_index", String(repeating: "1", count: 70_000)), .media(RouteFixture.bytes(9))]),
            .bytes(RouteFixture.bytes(10), type: "video/mp4"), .form("media=AAAA&segment_index=0"), .nothing,
        ])
    func hostile(body: Sent) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize()
            let answer = try await server.send(.post, "/2/media/upload/\(id)/append", body)
            #expect(answer.status == 413 || answer.isInvalidRequest, "\(answer.status) \(answer.text)")
            let names = try await server.blobs.names()
            #expect(names.isEmpty)
        }
    }

    @Test("unknown, foreign and expired uploads are answered alike, before the body is read")
    func notFound() async throws {
        try await RouteFixture.run { server in
            let own = try await server.initialize()
            let foreign = try await server.initialize(token: .bob)
            server.clock.advance(by: .seconds(1_296_000))
            for id in ["1", foreign, own] {
                let answer = try await server.send(
                    .post, "/2/media/upload/\(id)/append", .multipart([.media(content)]))
                #expect(answer.isInvalidRequest)
                #expect(answer.messages == ["BadRequest: Not found"])
            }
            #expect(server.blobs.largestWrite == 0)
        }
    }

    @Test("an id that is none is refused in X's words")
    func badID() async throws {
        try await RouteFixture.run { server in
            for id in ["x", "12345678901234567890"] {
                let answer = try await server.send(.post, "/2/media/upload/\(id)/append", .multipart([.media(content)]))
                #expect(answer.isInvalidRequest)
                #expect(answer.messages == ["The `id` query parameter value [\(id)] is not valid"])
            }
        }
    }

    @Test("after finalize the same segment is answered again, another is refused")
    func afterFinalize() async throws {
        try await RouteFixture.run { server in
            let id = try await server.finalized(content: content)
            let path = "/2/media/upload/\(id)/append"
            let again = try await server.send(
                .post, path, .multipart([.field("segment_index", "0"), .media(content)]))
            #expect(again.status == 200)
            let other = try await server.send(
                .post, path, .multipart([.field("segment_index", "0"), .media(RouteFixture.bytes(99_999))]))
            #expect(other.isInvalidRequest)
            let further = try await server.send(
                .post, path, .multipart([.field("segment_index", "1"), .media(content)]))
            #expect(further.isInvalidRequest)
        }
    }

    @Test("a digest of the content is checked before the segment counts", arguments: ["Content-Digest", "Repr-Digest"])
    func digest(header: String) async throws {
        try await RouteFixture.run { server in
            let name = try #require(HTTPField.Name(header))
            let id = try await server.initialize()
            let body = Sent.multipart([.media(content), .field("segment_index", "0")])
            let bytes = try #require(body.bytes)
            let right = base64(ByteBuffer(bytes: SHA256.hash(data: Array(bytes.readableBytesView))))
            let wrong = base64(ByteBuffer(repeating: 0, count: 32))
            let path = "/2/media/upload/\(id)/append"
            let refused = try await server.send(.post, path, body, headers: [name: "sha-256=:\(wrong):"])
            #expect(refused.isInvalidRequest)
            #expect(refused.messages == ["The content received is not that of the \(header) header"])
            let malformed = try await server.send(.post, path, body, headers: [name: "sha-256=\(right)"])
            #expect(malformed.isInvalidRequest)
            #expect(try await server.segments(id).isEmpty)
            let taken = try await server.send(
                .post, path, body, headers: [name: "sha-512=:AAAA:, sha-256=:\(right):"])
            #expect(taken.status == 200)
        }
    }
}

@Suite("Content-Encoding")
struct ContentCodingTests {
    @Test(
        "a compressed body is refused by name on every route that reads one",
        arguments: ["gzip", "br", "identity, gzip"])
    func refused(coding: String) async throws {
        try await RouteFixture.run { server in
            let id = try await server.initialize(#"{"total_bytes":3}"#)
            let media = Sent.multipart([.field("segment_index", "0"), .media(ByteBuffer(string: "abc"))])
            let requests: [(String, Sent)] = [
                ("/2/media/upload/initialize", .json("{}")), ("/2/media/upload/\(id)/append", media),
                ("/2/media/upload", media), ("/2/media/upload/\(id)/finalize", .json("{}")),
                ("/2/media/upload", .form("command=INIT")), ("/2/tweets", .json(#"{"text":"a"}"#)),
            ]
            for (path, body) in requests {
                let answer = try await server.send(.post, path, body, headers: [.contentEncoding: coding])
                #expect(answer.isInvalidRequest)
                #expect(answer.messages == ["The Content-Encoding [\(coding)] is not accepted; send the body as it is"])
                #expect(answer.headers[.acceptEncoding] == "identity")
            }
            #expect(try await server.segments(id).isEmpty)
        }
    }

    @Test("identity says nothing")
    func identity() async throws {
        try await RouteFixture.run { server in
            let answer = try await server.send(
                .post, "/2/media/upload/initialize", .json("{}"), headers: [.contentEncoding: "Identity"])
            #expect(answer.status == 200)
        }
    }
}

/// Base64 as a client writes it.
enum Base64 {
    static func encode(_ bytes: ByteBuffer) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        var bytes = bytes
        text.reserveCapacity(bytes.readableBytes / 3 * 4 + 4)
        while let group = bytes.readBytes(length: min(3, max(1, bytes.readableBytes))) {
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | UInt32(index < group.count ? group[index] : 0) }
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63] : 0x3D)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
