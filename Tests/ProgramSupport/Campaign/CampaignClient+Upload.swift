import Foundation
import NIOHTTP1
import RandomSupport
import XMedia

/// The steps of an upload.
extension CampaignClient {
    mutating func initialize(on server: ServerLife) async throws {
        let media = SampleMedia(using: &random)
        let body =
            #"{"media_type":"\#(media.type)","media_category":"\#(media.category)","total_bytes":\#(media.size)}"#
        let answer = try await server.ask { try await $0.json(.POST, "/2/media/upload/initialize", body) }
        // Without an answer there is no id, and an upload that nobody knows.
        if succeeded(answer, "initialize") == true, let answer {
            uploads.append(TrackedUpload(media: media, data: try answer.data()))
        }
    }

    /// Does what is next for an open upload.
    mutating func advance(_ position: Int, on server: ServerLife) async throws {
        let upload = uploads[position]
        uploads[position].isTouched = true
        if !upload.missing.isEmpty {
            try await append(Array(upload.missing.shuffled(using: &random).prefix(4)), to: position, on: server)
        } else if !upload.isSettled {
            try await look(at: position, on: server)
        } else if random.chance(20) {
            try await append([Int.random(in: 0..<upload.media.segmentCount, using: &random)], to: position, on: server)
        } else if random.chance(8) {
            try await abort(position, on: server)
        } else {
            try await finalize(position, on: server)
        }
    }

    /// Sends segments at the same time, some of them twice with other bytes.
    private mutating func append(_ indexes: [Int], to position: Int, on server: ServerLife) async throws {
        var batch: [TrackedUpload.Sent] = []
        for index in indexes {
            let version = Int.random(in: 0...1, using: &random)
            batch.append(.init(index: index, version: version))
            if random.chance(25) { batch.append(.init(index: index, version: 1 - version)) }
        }
        let sent = try await Self.send(batch, of: uploads[position], asJSON: random.chance(20), on: server)
        for segment in sent where segment.status != 200 && segment.status != nil {
            complain("append to the open upload \(uploads[position].id) was answered \(String(describing: segment))")
        }
        acknowledged += sent.count { $0.status == 200 }
        uploads[position].take(sent)
    }

    private static func send(
        _ batch: [TrackedUpload.Sent], of upload: TrackedUpload, asJSON: Bool, on server: ServerLife
    ) async throws -> [TrackedUpload.Sent] {
        try await withThrowingTaskGroup(of: TrackedUpload.Sent.self) { group in
            for segment in batch {
                group.addTask {
                    let bytes = upload.media.segment(segment.index, segment.version)
                    let answer = try await server.ask { api in
                        guard asJSON else { return try await api.append(upload.id, index: segment.index, bytes) }
                        return try await api.json(
                            .POST, "/2/media/upload/\(upload.id)/append",
                            #"{"segment_index":\#(segment.index),"media":"\#(bytes.base64EncodedString())"}"#)
                    }
                    var segment = segment
                    segment.status = answer?.status
                    return segment
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private mutating func abort(_ position: Int, on server: ServerLife) async throws {
        let id = uploads[position].id
        uploads[position].phases.insert(.gone)
        let answer = try await server.ask { try await $0.send(.DELETE, "/2/media/upload/\(id)") }
        if succeeded(answer, "abort of \(id)") == true { uploads[position].phases = [.gone] }
    }

    /// Closes an upload; now and then another segment comes at the same moment.
    private mutating func finalize(_ position: Int, on server: ServerLife) async throws {
        let upload = uploads[position]
        var late: [TrackedUpload.Sent] = []
        if random.chance(30), let index = upload.versions.indices.randomElement(using: &random),
            let version = upload.versions[index].first ?? nil
        {
            late = [.init(index: index, version: 1 - version)]
        }
        uploads[position].phases.insert(.closed)
        let other = late
        async let sent = Self.send(other, of: upload, asJSON: false, on: server)
        let answer = try await server.ask { try await $0.finalize(upload.id) }
        // One that came too late was refused; one that was taken came before the close, because its bytes differ.
        uploads[position].take(try await sent)
        guard succeeded(answer, "finalize of \(upload.id)") == true, let answer else { return }
        uploads[position].phases = [.closed]
        let data = try answer.data(UploadData.self)
        if data.size != Int64(upload.media.size) { complain("finalize of \(upload.id) says \(answer.text)") }
        if upload.media.kind == .picture, data.processingInfo == nil { uploads[position].outcome = .succeeded }
    }

    /// Uploads a picture in one request.
    mutating func sendWhole(on server: ServerLife) async throws {
        var media = SampleMedia(using: &random)
        while media.kind != .picture { media = SampleMedia(using: &random) }
        let file = media.file(0)
        let answer = try await server.ask {
            try await $0.form("/2/media/upload", fields: [("media_category", "tweet_image")], media: file)
        }
        guard succeeded(answer, "an upload in one request") == true, let answer else { return }
        let data = try answer.data(UploadData.self)
        var upload = TrackedUpload(media: media, data: data)
        upload.phases = [.closed]
        upload.versions = upload.versions.map { _ in [0] }
        if data.processingInfo == nil { upload.outcome = .succeeded }
        uploads.append(upload)
    }
}
