import MediaRules
import NIOCore
import SQLCatalog
import Testing
import XMedia

@testable import MediaCore

@Suite("Uploading")
struct UploadServiceTests {
    @Test("segments in any order become the original, byte for byte")
    func anyOrder() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize(bytes: 9)
        try await rig.append(upload, 2, "c")
        try await rig.append(upload, 0, "aaaa")
        try await rig.append(upload, 1, "bbbb")
        let status = try await rig.uploads.finalize(upload.id, by: rig.alice)
        #expect(status.media.state == .pending)
        #expect(status.media.size == 9)
        let seen = Seen()
        let runner = rig.runner(
            ScriptedProcessor { task throws(ProcessingError) in
                do { try await seen.take(String(buffer: LocalFiles.contents(of: task.original))) } catch {
                    throw .unavailable("\(error)")
                }
                return .init(facts: .init(kind: .video, mediaType: .mp4), renditions: [], hasBackgroundWork: false)
            })
        #expect(try await runner.runNext(JobKind.foreground))
        #expect(await seen.text == "aaaabbbbc")
        #expect(try await rig.require(upload.id).state == .succeeded)
    }

    @Test("the same segment again replaces, and the last one counts; the replaced bytes are erased")
    func replaced() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "old")
        try await rig.append(upload, 0, "newer")
        try await rig.sweeper().sweep()
        #expect(try await rig.uploads.status(upload.id, by: rig.alice).segments.map(\.size) == [5])
        #expect(try await rig.storedBlobs().count == 1)
    }

    @Test(
        "after finalize the same bytes are answered like the first time, other bytes are refused",
        arguments: [false, true])
    func late(composed: Bool) async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "aaaa")
        try await rig.append(upload, 1, "bbbb")
        _ = try await rig.uploads.finalize(upload.id, by: rig.alice)
        if composed {
            let facts = MediaFacts(kind: .video, mediaType: .mp4)
            _ = try await rig.runner(
                ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) }
            ).runNext(JobKind.foreground)
            try await rig.sweeper().sweep()
        }
        let blobs = try await rig.storedBlobs()
        try await rig.append(upload, 1, "bbbb")
        await #expect(throws: ServiceError.segmentDiffers(upload.id, index: 1)) {
            try await rig.append(upload, 1, "bbbB")
        }
        await #expect(throws: ServiceError.segmentDiffers(upload.id, index: 0)) {
            try await rig.append(upload, 0, "bbbb")
        }
        await #expect(throws: ServiceError.self) { try await rig.append(upload, 2, "cccc") }
        #expect(try await rig.storedBlobs() == blobs)
    }

    @Test("a segment with no bytes, too many bytes or an index out of range leaves nothing behind")
    func refusedSegments() async throws {
        var settings = CoreSettings(rules: RuleBook(profile: .x))
        settings.rules.maxSegmentBytes = 4
        let rig = try await Rig(settings: settings)
        let upload = try await rig.initialize()
        await #expect(throws: ServiceError.segmentEmpty) { try await rig.append(upload, 0, "") }
        await #expect(throws: ServiceError.segmentTooLarge(limit: 4)) { try await rig.append(upload, 0, "12345") }
        for index in [-1, 1000] {
            await #expect(throws: ServiceError.segmentIndexOutOfRange(index: index, allowed: 0...999)) {
                try await rig.append(upload, index, "1")
            }
        }
        #expect(try await rig.storedBlobs().isEmpty)
        #expect(try await rig.uploads.status(upload.id, by: rig.alice).segments.isEmpty)
    }

    @Test("finalize says exactly what is missing, and the upload goes on")
    func incomplete() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize(bytes: 6)
        await #expect(throws: ServiceError.incomplete(upload.id, .empty)) {
            try await rig.uploads.finalize(upload.id, by: rig.alice)
        }
        try await rig.append(upload, 1, "b")
        await #expect(
            throws: ServiceError.incomplete(upload.id, .missing([0...0], receivedBytes: 1, declaredBytes: 6))
        ) {
            try await rig.uploads.finalize(upload.id, by: rig.alice)
        }
        try await rig.append(upload, 0, "aaaaa")
        #expect(try await rig.uploads.finalize(upload.id, by: rig.alice).media.state == .pending)
    }

    @Test("finalize again gives the same answer and no second job")
    func finalizeTwice() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "a")
        let first = try await rig.uploads.finalize(upload.id, by: rig.alice)
        let second = try await rig.uploads.finalize(upload.id, by: rig.alice)
        #expect(first == second)
        #expect(try await rig.catalog.jobCounts().map(\.count) == [1])
    }

    @Test("somebody else's, unknown and expired uploads are answered alike")
    func notFound() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        let unknown = MediaID(rawValue: 9_999_999_999_999_999_999)
        await #expect(throws: ServiceError.mediaNotFound(upload.id)) {
            try await rig.uploads.prepareAppend(to: upload.id, by: rig.bob)
        }
        await #expect(throws: ServiceError.mediaNotFound(unknown)) {
            try await rig.uploads.finalize(unknown, by: rig.alice)
        }
        rig.clock.advance(by: .seconds(1_295_999))
        await #expect(throws: ServiceError.mediaNotFound(upload.id)) {
            try await rig.uploads.status(upload.id, by: rig.alice)
        }
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.media(upload.id) == nil)
    }

    @Test("finalize of an image waits for its outcome and gives it to everybody who asks")
    func imageOutcome() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize(.tweetImage)
        try await rig.append(upload, 0, "image")
        let rule = BrokenRule(
            "image.width", message: "too wide", found: "9000", allowed: "8192", fix: "scale", consequence: .refuse)
        let runner = rig.runner(ScriptedProcessor { _ throws(ProcessingError) in throw .refused([rule]) })
        let failure = MediaFailure.invalidMedia([rule.problemItem])
        await withTaskGroup(of: Result<UploadStatus, any Error>.self) { group in
            for _ in 0..<2 {
                group.addTask { await Result { try await rig.uploads.finalize(upload.id, by: rig.alice) } }
            }
            group.addTask {
                await Result {
                    while try await !runner.runNext(JobKind.foreground) { await Task.yield() }
                    throw ServiceError.mediaFailed(upload.id, failure)
                }
            }
            for await result in group {
                #expect(throws: ServiceError.mediaFailed(upload.id, failure)) { try result.get() }
            }
        }
        await #expect(throws: ServiceError.mediaFailed(upload.id, failure)) {
            try await rig.uploads.finalize(upload.id, by: rig.alice)
        }
        let status = try await rig.uploads.status(upload.id, by: rig.alice)
        #expect(status.media.failure == failure)
    }

    @Test("below the reserve new bytes are refused, while finalize still works")
    func reserve() async throws {
        var settings = CoreSettings(rules: RuleBook(profile: .x))
        settings.freeSpaceReserve = 1
        let rig = try await Rig(settings: settings)
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "a")
        let full = UploadService(
            context: CoreContext(
                catalog: rig.catalog, blobs: InMemoryBlobStore(capacity: 0), clock: rig.clock, ids: rig.ids,
                namer: rig.namer, logger: rig.uploads.logger),
            settings: settings)
        await #expect(throws: ServiceError.storageFull) { try await full.initialize(.init(), owner: rig.alice) }
        await #expect(throws: ServiceError.storageFull) { try await full.prepareAppend(to: upload.id, by: rig.alice) }
        #expect(try await full.finalize(upload.id, by: rig.alice).media.state == .pending)
    }

    @Test("a full queue refuses finalize and changes nothing")
    func queueLimit() async throws {
        var settings = CoreSettings(rules: RuleBook(profile: .x))
        settings.jobQueueLimit = 1
        let rig = try await Rig(settings: settings)
        let uploads = [try await rig.initialize(), try await rig.initialize()]
        for upload in uploads { try await rig.append(upload, 0, "a") }
        _ = try await rig.uploads.finalize(uploads[0].id, by: rig.alice)
        await #expect(throws: ServiceError.overloaded) {
            try await rig.uploads.finalize(uploads[1].id, by: rig.alice)
        }
        #expect(try await rig.require(uploads[1].id).state == .uploading)
    }

    @Test("abort erases an open upload's rows and bytes, and refuses a closed one")
    func abort() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "a")
        try await rig.uploads.abort(upload.id, by: rig.alice)
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.media(upload.id) == nil)
        #expect(try await rig.storedBlobs().isEmpty)
        let ready = try await rig.readyVideo()
        await #expect(throws: ServiceError.uploadClosed(ready.id, .succeeded)) {
            try await rig.uploads.abort(ready.id, by: rig.alice)
        }
    }
}

private actor Seen {
    private(set) var text = ""
    func take(_ text: String) { self.text = text }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
