import Testing
import XMedia

@testable import MediaCore
@testable import SQLCatalog

/// What happens between two steps of a request.
@Suite("Uploading while something else happens")
struct UploadRaceTests {
    private let facts = MediaFacts(kind: .video, mediaType: .mp4)
    /// The first bytes of an MP4.
    private let mp4 = "\0\0\0\u{18}ftypmp42\0\0\0\0mp42isom"

    /// The upload is closed as a video and processed, and its attempts are erased.
    private func process(_ upload: MediaRecord, _ rig: Rig) async throws {
        _ = try await rig.catalog.finalize(
            upload.id, category: .tweetVideo, at: rig.clock.now, expiresAt: rig.clock.now + .seconds(1000),
            rules: rig.settings.rules, queueLimit: 10, quota: .unlimited)
        _ = try await rig.runner(
            ScriptedProcessor { [facts] _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) }
        ).runNext(JobKind.foreground)
        try await rig.sweeper().sweep()
    }

    private func beforeNextRead(_ rig: Rig, _ work: @escaping @Sendable () async throws -> Void) {
        rig.blobs.inject(.read, call: rig.blobs.calls(of: .read) + 1, .before, work)
    }

    @Test("finalize of an undeclared upload that another one closed and whose segments are erased is answered alike")
    func finalizedTwice() async throws {
        let rig = try await Rig()
        let upload = try await rig.uploads.initialize(InitializeRequest(), owner: rig.alice)
        try await rig.append(upload, 0, mp4)
        beforeNextRead(rig) { try await process(upload, rig) }
        #expect(try await rig.uploads.finalize(upload.id, by: rig.alice).media.state == .succeeded)
    }

    @Test("finalize of an undeclared upload whose first segment is replaced and erased looks at the new one")
    func replacedMeanwhile() async throws {
        let rig = try await Rig()
        let upload = try await rig.uploads.initialize(InitializeRequest(), owner: rig.alice)
        try await rig.append(upload, 0, "no media")
        beforeNextRead(rig) {
            try await rig.append(upload, 0, mp4)
            try await rig.sweeper().sweep()
        }
        #expect(try await rig.uploads.finalize(upload.id, by: rig.alice).media.category == .tweetVideo)
    }

    @Test("finalize of an undeclared upload whose first segment is lost fails, and does not go on looking")
    func lost() async throws {
        let rig = try await Rig()
        let upload = try await rig.uploads.initialize(InitializeRequest(), owner: rig.alice)
        try await rig.append(upload, 0, mp4)
        try await rig.blobs.delete(Array(rig.storedBlobs()))
        await #expect(throws: ServiceError(.notFound)) { try await rig.uploads.finalize(upload.id, by: rig.alice) }
    }

    @Test("abort of an upload finalized meanwhile says that it is closed, of one erased that it is gone")
    func abort() async throws {
        let driver = try await FailingDriver()
        let rig = try await Rig(catalog: SQLCatalog(driver: driver))
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "bytes")
        driver.beforeNextWrite { _ = try? await rig.uploads.finalize(upload.id, by: rig.alice) }
        await #expect(throws: ServiceError.uploadClosed(upload.id, .pending)) {
            try await rig.uploads.abort(upload.id, by: rig.alice)
        }
        #expect(try await rig.require(upload.id).state == .pending)

        let other = try await rig.initialize()
        driver.beforeNextWrite {
            try? await rig.uploads.abort(other.id, by: rig.alice)
            try? await rig.sweeper().sweep()
        }
        await #expect(throws: ServiceError.mediaNotFound(other.id)) {
            try await rig.uploads.abort(other.id, by: rig.alice)
        }
    }

    @Test("a late segment of media that is erased meanwhile is answered like one of media that is gone")
    func lateAndErased() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "bytes")
        try await process(upload, rig)
        beforeNextRead(rig) {
            _ = try await rig.catalog.markDeleting(upload.id, owner: nil, onlyUnfinished: false)
            try await rig.sweeper().sweep()
        }
        await #expect(throws: ServiceError.mediaNotFound(upload.id)) { try await rig.append(upload, 0, "bytes") }
        #expect(try await rig.storedBlobs().isEmpty)
    }

    @Test("a late segment that cannot be compared leaves nothing behind", arguments: [false, true])
    func incomparable(isCancelled: Bool) async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "bytes")
        _ = try await rig.uploads.finalize(upload.id, by: rig.alice)
        let blobs = try await rig.storedBlobs()
        beforeNextRead(rig) {
            guard isCancelled else { throw StoreError.unavailable("test") }
            withUnsafeCurrentTask { $0?.cancel() }
            throw CancellationError()
        }
        let late = Task { try await rig.append(upload, 0, "bytes") }
        await #expect(throws: (any Error).self) { try await late.value }
        #expect(try await rig.storedBlobs() == blobs)
        try await rig.append(upload, 0, "bytes")
    }
}
