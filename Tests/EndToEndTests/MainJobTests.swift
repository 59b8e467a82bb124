import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// Real files go in through the public API and come out processed.
@Suite("The main job", .serialized)
struct MainJobTests {
    let folder: TemporaryFolder
    let server: RoostProcess
    let api: APIClient

    init() throws {
        folder = try TemporaryFolder()
        server = try RoostProcess(data: "\(folder.path)/data")
        api = APIClient(url: server.url, token: try server.token())
    }

    @Test("a video in segments, out of order and in parallel, is processed, posted and served, byte for byte")
    func video() async throws {
        let (api, bytes) = (api, Fixtures.video)
        let id = try await api.initialize(bytes: bytes.count, type: "video/mp4", category: "tweet_video")
        try await withThrowingTaskGroup(of: Int.self) { group in
            for segment in bytes.segments(of: 200_000).shuffled() {
                group.addTask { try await api.append(id, index: segment.index, segment.bytes).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        let finalized = try await api.finalize(id)
        #expect(finalized.status == 200, "\(finalized.text)")
        let data = try await api.waitUntilProcessed(id)
        #expect(data.processingInfo?.state == .succeeded)
        let original = try #require(data.original)
        #expect(original.sha256 == bytes.sha256)
        #expect(try await api.send(.GET, original.url).body == bytes)

        let posted = try await api.json(.POST, "/2/tweets", #"{"text":"a video","media":{"media_ids":["\#(id)"]}}"#)
        #expect(posted.status == 201, "\(posted.text)")
        let media = try await variants(of: id)
        #expect(media.durationMs.map { abs($0 - 4000) < 100 } == true)
        for variant in media.variants ?? [] {
            let answer = try await api.send(.GET, variant.url, headers: [("Range", "bytes=0-99")], authorized: false)
            #expect(answer.status == 206 || variant.contentType == "application/x-mpegURL", "\(variant)")
        }
        let poster = try #require(media.previewImageURL)
        #expect(try await api.send(.GET, poster, authorized: false).body.starts(with: [0xFF, 0xD8]))
    }

    /// The media once HLS is among its variants, which comes in the background.
    private func variants(of id: String) async throws -> Media {
        for _ in 0..<300 {
            let answer = try await api.send(
                .GET, "/2/media/7_\(id)?media.fields=variants,preview_image_url,duration_ms,width,height")
            let media = try answer.json(DataEnvelope<Media>.self).data.orThrow(answer.text)
            if media.variants?.contains(where: { $0.contentType == "application/x-mpegURL" }) == true { return media }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw RoostProcess.Failure(description: "no HLS variant came")
    }

    @Test("a photo in one request is final at once; unposted it is its owner's alone, posted it is everybody's")
    func photo() async throws {
        let media = Fixtures.photo.base64EncodedString()
        let answer = try await api.json(
            .POST, "/2/media/upload", #"{"media":"\#(media)","media_category":"tweet_image"}"#)
        let data = try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text)
        #expect(data.processingInfo == nil)
        #expect(data.image == UploadData.Image(imageType: "image/jpeg", width: 1266, height: 794))
        let lookup = try await api.send(.GET, "/2/media/\(data.mediaKey)?media.fields=url")
        let url = try #require(try lookup.json(DataEnvelope<Media>.self).data?.url)
        #expect(try await api.send(.GET, url, authorized: false).status == 404)
        let own = try await api.send(.GET, url)
        #expect(own.status == 200)
        #expect(own.headers.first(name: "cache-control") == "private, no-cache")
        let posted = try await api.json(.POST, "/2/tweets", #"{"media":{"media_ids":["\#(data.id)"]}}"#)
        #expect(posted.status == 201, "\(posted.text)")
        let open = try await api.send(.GET, url, authorized: false)
        #expect(open.status == 200)
        #expect(open.headers.first(name: "cache-control") == "public, max-age=86400, immutable")
    }
}
