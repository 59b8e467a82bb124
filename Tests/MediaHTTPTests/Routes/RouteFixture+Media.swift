import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

/// What a worker would do, done by hand.
extension RouteFixture {
    /// Bytes that are no file of any kind; nothing here looks into them.
    static func bytes(_ count: Int) -> ByteBuffer {
        ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    }

    /// Initializes an upload and returns its id.
    func initialize(
        _ body: String = #"{"media_category":"tweet_image","media_type":"image/png"}"#, token: Token = .alice
    ) async throws -> String {
        let answer = try await send(.post, "/2/media/upload/initialize", .json(body), token: token)
        try #require(answer.status == 200, "\(answer.text)")
        return answer.id
    }

    /// An upload with one segment of bytes, finalized; its job waits.
    func finalized(
        _ body: String = #"{"media_category":"tweet_image","media_type":"image/png"}"#,
        content: ByteBuffer = bytes(1000),
        token: Token = .alice
    ) async throws -> String {
        let id = try await initialize(body, token: token)
        let append = try await send(
            .post, "/2/media/upload/\(id)/append",
            .multipart([.field("segment_index", "0"), .media(content)]), token: token)
        try #require(append.status == 200, "\(append.text)")
        let finalize = try await send(.post, "/2/media/upload/\(id)/finalize", token: token)
        try #require(finalize.status == 200, "\(finalize.text)")
        return id
    }

    /// The row of an upload or media.
    func row(_ id: String) async throws -> MediaRecord {
        let mediaID = try #require(MediaID(id))
        return try #require(try await catalog.media(mediaID))
    }

    /// The counting segments of an upload.
    func segments(_ id: String) async throws -> [Segment] {
        let mediaID = try #require(MediaID(id))
        return try await catalog.segments(of: mediaID)
    }

    /// The waiting job, leased.
    func lease() async throws -> Job {
        let job = try await catalog.lease(
            JobKind.allCases, token: "aaaa-\(ids.next())", at: clock.now, until: clock.now + .seconds(60))
        return try #require(job)
    }

    /// Finalized media that has been processed, with renditions whose bytes are stored.
    @discardableResult
    func ready(
        _ body: String = #"{"media_category":"tweet_image","media_type":"image/png"}"#,
        facts: MediaFacts = MediaFacts(kind: .photo, mediaType: .png, width: 640, height: 480),
        roles: [Rendition.Role] = [.full], content: ByteBuffer = bytes(1000), token: Token = .alice
    ) async throws -> (id: String, renditions: [Rendition]) {
        let id = try await finalized(body, content: content, token: token)
        let mediaID = try #require(MediaID(id))
        let job = try await lease()
        let segments = try await segments(id)
        let original = try #require(BlobName(kind: .original, mediaID: mediaID, unique: "aaaa-\(ids.next())"))
        let composed = try await blobs.compose(
            segments.map { BlobPart(name: $0.blob, stored: StoredBlob(size: $0.size, crc32c: $0.crc32c)) },
            into: original)
        #expect(
            try await catalog.recordOriginal(
                OriginalBlob(blob: original, sha256: composed.sha256, crc32c: composed.stored.crc32c), for: job))
        var renditions: [Rendition] = []
        for role in roles { renditions.append(try await rendition(role, of: mediaID, content: content)) }
        #expect(
            try await catalog.succeed(job, facts: facts, renditions: renditions, followUp: nil, at: clock.now))
        return (id, renditions)
    }

    private func rendition(_ role: Rendition.Role, of id: MediaID, content: ByteBuffer) async throws -> Rendition {
        let isVideo = role == .mp4 || role == .hlsStream
        let size = Int64(content.readableBytes)
        var blob: BlobName?
        var crc32c: UInt32 = 0
        if role != .hlsMaster {
            let name = try #require(BlobName(kind: .rendition, mediaID: id, unique: "aaaa-\(ids.next())"))
            crc32c = try await blobs.write(name) { try await $0.write(content) }.crc32c
            blob = name
        }
        return Rendition(
            id: RenditionID(rawValue: ids.next()), mediaID: id, role: role, blob: blob, size: blob == nil ? 0 : size,
            crc32c: crc32c,
            contentType: role == .hlsMaster ? "application/x-mpegURL" : isVideo ? "video/mp4" : "image/png",
            width: role == .hlsMaster ? nil : 640, height: role == .hlsMaster ? nil : 480,
            bitRate: isVideo ? 800_000 : nil,
            hls: role == .hlsStream
                ? HLSStream(
                    codecs: "avc1.64001f", frameRate: 30, initializationLength: 100,
                    segments: [.init(duration: 4, offset: 100, length: size - 100)]) : nil)
    }

    /// Ends the waiting job with a refusal.
    func fail(reason: Problem.Item) async throws {
        #expect(try await catalog.fail(lease(), failure: .invalidMedia([reason]), at: clock.now))
    }

    /// Posts with media and returns the post's id.
    func post(_ text: String, media: [String] = [], token: Token = .alice) async throws -> String {
        let list = media.map { "\"\($0)\"" }.joined(separator: ",")
        let body = media.isEmpty ? #"{"text":"\#(text)"}"# : #"{"text":"\#(text)","media":{"media_ids":[\#(list)]}}"#
        let answer = try await send(.post, "/2/tweets", .json(body), token: token)
        try #require(answer.status == 201, "\(answer.text)")
        return answer.id
    }
}
