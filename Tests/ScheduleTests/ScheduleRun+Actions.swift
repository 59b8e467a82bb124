import Crypto
import MediaCore
import NIOCore
import XMedia

extension ScheduleRun {
    /// Does one thing; an answer that never may come is a complaint.
    func perform(_ action: Schedule.Action) async {
        do {
            switch action {
            case .append(let index, let version): try await append(index, version)
            case .finalize:
                let status = try await world.uploads.finalize(upload.id, by: world.owner)
                if status.media.state == .uploading { history.complain("finalize left the upload open") }
            case .abort:
                try await world.uploads.abort(upload.id, by: world.owner)
                history.succeeded(action)
                try await world.sweeper.sweep()
            case .remove:
                guard try await world.catalog.markDeleting(upload.id, owner: nil, onlyUnfinished: false) else { return }
                history.succeeded(action)
                try await world.sweeper.sweep()
            case .expire:
                world.clock.advance(by: World.uploadLifetime + .seconds(1))
                history.succeeded(action)
                try await world.sweeper.sweep()
            case .sweep: try await world.sweeper.sweep()
            case .read: try await read()
            case .work: _ = try await world.runner.runNext(JobKind.allCases)
            case .post:
                let request = CreatePostRequest(text: "\(schedule.seed)", media: .init(mediaIDs: [upload.id]))
                _ = try await world.posts.create(request, body: .object([:]), author: world.owner)
            }
            history.succeeded(action)
        } catch {
            if !isExpected(error, of: action) { history.complain("\(action): \(error)") }
        }
    }

    func append(_ index: Int, _ version: Int) async throws {
        let sent = history.tick()
        let bytes = schedule.segments[index][version]
        let upload = try await world.uploads.prepareAppend(to: upload.id, by: world.owner)
        _ = try await world.uploads.append(to: upload) { writer in
            let half = bytes.count / 2
            try await writer.write(ByteBuffer(bytes: bytes[..<half]))
            await Task.yield()
            try await writer.write(ByteBuffer(bytes: bytes[half...]))
            return index
        }
        history.acknowledge(index: index, version: version, sent: sent)
    }

    /// Status, then the original: all of its bytes or none, whatever goes on.
    private func read() async throws {
        _ = try await world.uploads.status(upload.id, by: world.owner)
        guard let served = try await world.media.original(upload.id, viewer: world.owner) else { return }
        let bytes: [UInt8]
        do {
            bytes = try await contents(of: served.original.blob, count: served.size)
        } catch StoreError.notFound {
            // Erased since the row was read.
            if !mayVanish { history.complain("the original's bytes are gone") }
            return
        }
        if sha256(bytes) != served.original.sha256 { history.complain("other bytes were served than were hashed") }
    }

    func contents(of blob: BlobName, count: Int64) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in try await world.blobs.read(blob, range: 0..<count) {
            bytes += buffer.readableBytesView
        }
        return bytes
    }

    func sha256(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Whether somebody ends the upload early.
    var mayVanish: Bool {
        schedule.steps.contains { [.abort, .remove, .expire].contains($0.action) }
    }

    private func isExpected(_ error: any Error, of action: Schedule.Action) -> Bool {
        switch error {
        case ServiceError.mediaNotFound: mayVanish
        case ServiceError.uploadClosed, ServiceError.segmentDiffers:
            action != .finalize && schedule.steps.contains { $0.action == .finalize }
        case ServiceError.incomplete: action == .finalize
        case ServiceError.postMediaInvalid: action == .post
        case ServiceError.storeFailed, is StoreError: schedule.hasFailures
        default: false
        }
    }
}
