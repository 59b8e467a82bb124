import Foundation
import NIOHTTP1
import ProgramSupport
import XMedia

/// Everything a client does, once: a photo in one request, a video in segments, alt text, posts, reading, deleting.
struct Flow {
    let client: Client
    /// Makes the texts of its posts differ from those of other flows.
    let name: String

    /// What is there afterwards and must stay as it is.
    struct Kept {
        /// The photo's status and its bytes' digest, by path.
        var digests: [String: String] = [:]
        var post = ""
    }

    /// Runs it; throws where an answer is wrong.
    @discardableResult
    func run() async throws -> Kept {
        let (photo, video) = (try Inputs.photo.get(), try Inputs.video.get())
        var kept = Kept()
        let pictureID = try await onePhoto(photo)
        let videoID = try await segmentedVideo(video)
        try await giveUp(video)
        try await client.send("metadata") {
            try await $0.json(
                .POST, "/2/media/metadata", #"{"id":"\#(pictureID)","metadata":{"alt_text":{"text":"a \#(name)"}}}"#)
        }
        kept.post = try await post("photo", pictureID)
        let clip = try await post("video", videoID)
        try await read(pictureID, photo, &kept)
        try await read(videoID, video, &kept)
        try await served(key: "3_\(pictureID)", fields: "url,alt_text", &kept)
        try await background(videoID)
        try await served(key: "7_\(videoID)", fields: "variants", &kept)
        try await client.send("delete post") { try await $0.send(.DELETE, "/2/tweets/\(clip)") }
        return kept
    }

    /// What was kept is still what it was.
    static func check(_ kept: Kept, _ client: Client) async throws {
        for (path, digest) in kept.digests {
            let answer = try await client.send(path) { try await $0.send(.GET, path) }
            guard answer.body.sha256 == digest else {
                throw RoostProcess.Failure(description: "\(path) has other bytes than before")
            }
        }
        let answer = try await client.send("post") { try await $0.send(.GET, "/2/tweets/\(kept.post)") }
        guard answer.text.contains("media_keys") || answer.text.contains(kept.post) else {
            throw RoostProcess.Failure(description: "the post is not what it was: \(answer.text)")
        }
    }

    private func onePhoto(_ bytes: Data) async throws -> String {
        let body = #"{"media":"\#(bytes.base64EncodedString())","media_category":"tweet_image"}"#
        let answer = try await client.send("one-shot") { try await $0.json(.POST, "/2/media/upload", body) }
        let data = try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text)
        let id = data.id.description
        try await processed(id, "photo")
        return id
    }

    private func segmentedVideo(_ bytes: Data) async throws -> String {
        let id = try await initialize(bytes.count)
        let half = bytes.count / 2
        for (index, segment) in [
            (1, bytes.prefix(half)), (0, bytes.prefix(half)), (1, bytes.suffix(from: half)),
        ] {
            try await client.send("append \(index)") { try await $0.append(id, index: index, Data(segment)) }
        }
        try await client.send("finalize") { try await $0.finalize(id) }
        try await processed(id, "video")
        return id
    }

    private func initialize(_ count: Int) async throws -> String {
        let body = #"{"media_type":"video/mp4","media_category":"tweet_video","total_bytes":\#(count)}"#
        let answer = try await client.send("initialize") {
            try await $0.json(.POST, "/2/media/upload/initialize", body)
        }
        return try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text).id.description
    }

    private func giveUp(_ bytes: Data) async throws {
        let id = try await initialize(bytes.count)
        try await client.send("append") { try await $0.append(id, index: 0, bytes) }
        try await client.send("abort") { try await $0.send(.DELETE, "/2/media/upload/\(id)") }
    }

    private func post(_ what: String, _ id: String) async throws -> String {
        struct Created: Codable { let id: String }
        let body = #"{"text":"\#(what) \#(name)","media":{"media_ids":["\#(id)"]}}"#
        let answer = try await client.send("post \(what)", expecting: 201) {
            try await $0.json(.POST, "/2/tweets", body)
        }
        return try answer.json(DataEnvelope<Created>.self).data.orThrow(answer.text).id
    }

    /// Waits for the outcome, which a failed call may delay but never change.
    private func processed(_ id: String, _ what: String) async throws {
        for _ in 0..<1200 {
            let answer = try await client.send("status") {
                try await $0.send(.GET, "/2/media/upload?command=STATUS&media_id=\(id)")
            }
            let data = try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text)
            switch data.processingInfo?.state {
            case .succeeded, nil: return
            case .failed: throw RoostProcess.Failure(description: "the \(what) failed: \(answer.text)")
            default: try await Task.sleep(for: .milliseconds(50))
            }
        }
        throw RoostProcess.Failure(description: "the \(what) is still being processed")
    }

    private func read(_ id: String, _ bytes: Data, _ kept: inout Kept) async throws {
        let path = "/media/originals/\(id)"
        let answer = try await client.send("original", mayBeCut: true) { try await $0.send(.GET, path) }
        guard answer.body == bytes else {
            throw RoostProcess.Failure(description: "the original of \(id) has other bytes than were sent")
        }
        kept.digests[path] = bytes.sha256
    }

    /// Reads every file that the media's addresses name.
    private func served(key: String, fields: String, _ kept: inout Kept) async throws {
        let path = "/2/media/\(key)?media.fields=\(fields)"
        let answer = try await client.send("lookup") { try await $0.send(.GET, path) }
        let media = try answer.json(DataEnvelope<Media>.self).data.orThrow(answer.text)
        let urls = [media.url].compactMap { $0 } + (media.variants ?? []).map(\.url)
        guard !urls.isEmpty else { throw RoostProcess.Failure(description: "nothing to serve: \(answer.text)") }
        for url in urls {
            let path = String(url.dropFirst(client.api.url.count))
            let file = try await client.send("rendition", mayBeCut: true) { try await $0.send(.GET, path) }
            if !path.hasSuffix("m3u8") { kept.digests[path] = file.body.sha256 }
        }
    }

    /// Waits until the work that comes later is done too.
    private func background(_ id: String) async throws {
        for _ in 0..<1200 {
            let answer = try await client.send("lookup") {
                try await $0.send(.GET, "/2/media/7_\(id)?media.fields=variants")
            }
            if answer.text.contains("mpegURL") { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw RoostProcess.Failure(description: "no HLS variant came")
    }
}
