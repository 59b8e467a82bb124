import CChecksum
import Foundation
import NIOHTTP1
import XMedia

/// Comparing what the server says with what was answered before.
extension CampaignClient {
    /// Asks for the status of an upload.
    mutating func look(at position: Int, on server: ServerLife) async throws {
        let id = uploads[position].id
        let status = try await server.ask { try await $0.send(.GET, "/2/media/upload?command=STATUS&media_id=\(id)") }
        guard let status else { return }
        // X has no other answer for an id that is not there.
        if status.status == 400, status.text.contains("BadRequest: Not found") {
            see(.gone, of: position)
        } else if succeeded(status, "status of \(id)") == true {
            compare(position, with: try status.data())
        }
    }

    private mutating func see(_ phase: TrackedUpload.Phase, of position: Int) {
        let upload = uploads[position]
        if !upload.phases.contains(phase) { complain("\(upload.id) is \(phase), it must be one of \(upload.phases)") }
        uploads[position].phases = [phase]
    }

    private mutating func compare(_ position: Int, with data: UploadData) {
        let upload = uploads[position]
        guard let state = data.processingInfo?.state else { return complain("\(upload.id) has no state") }
        if state == .uploading {
            see(.open, of: position)
            return compareSegments(of: position, with: data.segments ?? [])
        }
        see(.closed, of: position)
        if data.size != Int64(upload.media.size) {
            complain("\(upload.id) has \(String(describing: data.size)) bytes, sent were \(upload.media.size)")
        }
        if let known = upload.sha256, known != data.original?.sha256 { complain("\(upload.id) lost its original") }
        let outcome: TrackedUpload.Outcome? = state == .succeeded ? .succeeded : state == .failed ? .failed : nil
        if let known = upload.outcome, known != outcome { complain("\(upload.id) was \(known), now it is \(state)") }
        let expected: TrackedUpload.Outcome = upload.media.kind == .garbage ? .failed : .succeeded
        if let outcome, outcome != expected {
            complain("\(upload.id), a \(upload.media.kind), has \(outcome): \(String(describing: data.processingInfo))")
        }
        uploads[position].outcome = outcome
    }

    private mutating func compareSegments(of position: Int, with segments: [UploadData.Segment]) {
        let upload = uploads[position]
        let received = Dictionary(grouping: segments, by: \.index).compactMapValues(\.first)
        for index in upload.versions.indices {
            let found: Set<Int?>
            if let segment = received[index] {
                found = Set(
                    [0, 1].filter { version in
                        let bytes = upload.media.segment(index, version)
                        return segment.size == Int64(bytes.count) && segment.crc32c == bytes.crc32c
                    })
            } else {
                found = [nil]
            }
            confirm(found, of: index, position)
        }
        if received.count != segments.count || received.keys.contains(where: { $0 >= upload.versions.count }) {
            complain("\(upload.id) lists segments that were never sent: \(segments)")
        }
    }

    /// A segment has one of the versions found; it must be one that it may have.
    private mutating func confirm(_ found: Set<Int?>, of index: Int, _ position: Int) {
        let possible = uploads[position].versions[index]
        let both = possible.intersection(found)
        if both.isEmpty {
            complain("segment \(index) of \(uploads[position].id) is version \(found), it must be one of \(possible)")
        } else {
            uploads[position].versions[index] = both
        }
    }

    /// Looks at an upload and at everything that is served of it.
    mutating func inspect(_ position: Int, on server: ServerLife) async throws {
        try await look(at: position, on: server)
        guard uploads[position].isClosed else { return }
        try await inspectOriginal(of: position, on: server)
        guard uploads[position].outcome == .succeeded else { return }
        try await inspectLookup(of: position, on: server)
    }

    private mutating func inspectOriginal(of position: Int, on server: ServerLife) async throws {
        let upload = uploads[position]
        let status = try await server.ask { try await $0.send(.GET, "/2/media/upload?media_id=\(upload.id)") }
        guard let original = try status?.data(UploadData.self).original else {
            if upload.outcome == .succeeded { complain("\(upload.id) succeeded without an original") }
            return
        }
        let served = try await server.ask { try await $0.send(.GET, original.url) }
        guard succeeded(served, "original of \(upload.id)") == true, let bytes = served?.body else { return }
        if bytes.sha256 != original.sha256 { complain("the original of \(upload.id) is not \(original.sha256)") }
        guard bytes.count == upload.media.size else {
            return complain("\(upload.id) is served with \(bytes.count) bytes")
        }
        for index in upload.versions.indices {
            let start = index * upload.media.segmentSize
            let slice = bytes[start..<min(start + upload.media.segmentSize, bytes.count)]
            confirm(Set([0, 1].filter { upload.media.segment(index, $0) == slice }), of: index, position)
        }
        uploads[position].sha256 = original.sha256
    }

    private mutating func inspectLookup(of position: Int, on server: ServerLife) async throws {
        let upload = uploads[position]
        let answer = try await server.ask {
            try await $0.send(.GET, "/2/media/\(upload.key)?media.fields=url,variants,preview_image_url,alt_text")
        }
        guard succeeded(answer, "lookup of \(upload.id)") == true, let answer else { return }
        guard let media = try answer.json(DataEnvelope<Media>.self).data else {
            return complain("\(upload.id) succeeded and is not found: \(answer.text)")
        }
        if !upload.altTexts.contains(media.altText) {
            complain("\(upload.id) is described by \(String(describing: media.altText)), not by \(upload.altTexts)")
        }
        uploads[position].altTexts = [media.altText]
        let files = (media.variants ?? []).filter { $0.contentType != "application/x-mpegURL" }.map(\.url)
        let urls = files + [media.url, media.previewImageURL].compactMap { $0 }
        if urls.isEmpty { complain("\(upload.id) has no rendition") }
        var served: [String: String] = [:]
        for url in urls {
            let answer = try await server.ask { try await $0.send(.GET, url) }
            guard succeeded(answer, "rendition \(url)") == true, let answer else { continue }
            // The address of the server is another one after each start.
            served[URL(string: url)?.path ?? url] = answer.body.sha256
        }
        // Others may have come, in the background; none may be gone or have changed.
        for (path, digest) in upload.renditions where served[path] != digest {
            complain("\(path) of \(upload.id) was \(digest), now it is \(served[path] ?? "gone")")
        }
        uploads[position].renditions = served
    }
}

extension Data {
    fileprivate var crc32c: String {
        let value = withUnsafeBytes { roost_crc32c(0, $0.baseAddress, $0.count) }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
