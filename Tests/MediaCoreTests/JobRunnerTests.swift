import Foundation
import MediaRules
import SQLCatalog
import Synchronization
import Testing
import XMedia

@testable import MediaCore

@Suite("Running jobs")
struct JobRunnerTests {
    private let facts = MediaFacts(kind: .video, mediaType: .mp4)

    private func closedUpload(_ rig: Rig) async throws -> MediaRecord {
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "some bytes")
        return try await rig.uploads.finalize(upload.id, by: rig.alice).media
    }

    @Test("a decoder that fails three times fails the media with the reason; two times do not")
    func strikes() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let runner = rig.runner(
            ScriptedProcessor { _ throws(ProcessingError) in throw .decoderFailed("the decoder hung") })
        for _ in 0..<2 {
            #expect(try await runner.runNext(JobKind.foreground))
            #expect(try await rig.require(upload.id).state == .pending)
            // What ended the decoder, say a machine without memory, may last for a second.
            #expect(try await runner.runNext(JobKind.foreground) == false)
            rig.clock.advance(by: .seconds(10))
        }
        #expect(try await runner.runNext(JobKind.foreground))
        let media = try await rig.require(upload.id)
        #expect(media.state == .failed)
        #expect(media.failure?.error.message == "the decoder hung")
        #expect(try await runner.runNext(JobKind.foreground) == false)
    }

    @Test("missing machinery puts the job back any number of times without a strike")
    func interruptions() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let broken = rig.runner(ScriptedProcessor { _ throws(ProcessingError) in throw .unavailable("no ffmpeg") })
        for _ in 0..<5 {
            #expect(try await broken.runNext(JobKind.foreground) == false)
            #expect(try await rig.require(upload.id).state == .pending)
            // Not at once again: the jobs behind it have their turn first.
            #expect(
                try await rig.catalog.lease(JobKind.foreground, token: "t", at: rig.clock.now, until: rig.clock.now)
                    == nil)
            rig.clock.advance(by: .seconds(300))
        }
        let facts = facts
        let works = rig.runner(
            ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) })
        #expect(try await works.runNext(JobKind.foreground))
        #expect(try await rig.require(upload.id).state == .succeeded)
    }

    @Test("bytes that changed on the disk fail the media as the server's fault, and are never served")
    func corrupt() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        rig.blobs.inject(.compose, call: 1) { throw BlobMismatch(part: 0, found: nil) }
        let facts = facts
        let runner = rig.runner(
            ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) })
        #expect(try await runner.runNext(JobKind.foreground))
        let media = try await rig.require(upload.id)
        #expect(media.state == .failed)
        #expect(media.failure?.error.name == "InternalError")
        #expect(media.original == nil)
    }

    @Test("an original that is not there fails the media as the server's fault")
    func missingOriginal() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        rig.blobs.inject(.withLocalFile, call: 1) { throw StoreError.notFound }
        let facts = facts
        let runner = rig.runner(
            ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) })
        #expect(try await runner.runNext(JobKind.foreground))
        #expect(try await rig.require(upload.id).failure?.error.name == "InternalError")
    }

    @Test("a lost lease publishes nothing and leaves no bytes")
    func lostLease() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let (catalog, facts) = (rig.catalog, facts)
        let runner = rig.runner(
            ScriptedProcessor { _ throws(ProcessingError) in
                do { try await catalog.freeAllLeases() } catch { throw .unavailable("\(error)") }
                return .init(facts: facts, renditions: [], hasBackgroundWork: false)
            })
        _ = try await runner.runNext(JobKind.foreground)
        #expect(try await rig.require(upload.id).state != .succeeded)
        // The original was composed and recorded under the lease, so the next run goes on from it.
        #expect(try await rig.require(upload.id).original != nil)
    }

    @Test("a lease that is lost when all is made leaves no bytes either", .timeLimit(.minutes(1)))
    func lostLate() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)")
        try Data("made".utf8).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (catalog, clock, facts) = (rig.catalog, rig.clock, facts)
        rig.blobs.inject(.adopt, call: 1, .after) {
            try await catalog.freeAllLeases()
            // Cancelled when the renewal notices; the rendition is there and the run knows it.
            while !Task.isCancelled {
                clock.advance(by: .seconds(1))
                try? await Task.sleep(for: .milliseconds(1))
            }
        }
        let runner = rig.runner(
            ScriptedProcessor { _ in
                let rendition = ProducedRendition(role: .mp4, path: folder.path, contentType: "video/mp4")
                return .init(facts: facts, renditions: [rendition], hasBackgroundWork: false)
            })
        _ = try await runner.runNext(JobKind.foreground)
        #expect(rig.blobs.calls(of: .adopt) == 1)
        #expect(try await rig.require(upload.id).state != .succeeded)
        #expect(try await rig.storedBlobs().allSatisfy { $0.kind != .rendition })
    }

    @Test("media removed while it is processed stays removed")
    func removed() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let (catalog, facts) = (rig.catalog, facts)
        let runner = rig.runner(
            ScriptedProcessor { _ throws(ProcessingError) in
                do { _ = try await catalog.markDeleting(upload.id, owner: nil, onlyUnfinished: false) } catch {
                    throw .unavailable("\(error)")
                }
                return .init(facts: facts, renditions: [], hasBackgroundWork: false)
            })
        _ = try await runner.runNext(JobKind.foreground)
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.media(upload.id) == nil)
        #expect(try await rig.storedBlobs().isEmpty)
    }

    /// As finalize does, without waiting for the outcome.
    private func close(_ upload: MediaRecord, in rig: Rig) async throws {
        let now = rig.clock.now
        _ = try await rig.catalog.finalize(
            upload.id, category: nil, at: now, expiresAt: now + .seconds(9000), rules: rig.settings.rules,
            queueLimit: 100, quota: .unlimited)
    }

    @Test("an image's original is recorded whatever becomes of the job", arguments: ["made", "refused", "put back"])
    func imageOriginal(end: String) async throws {
        let rig = try await Rig()
        let image = try await rig.initialize(.tweetImage)
        try await rig.append(image, 0, "im")
        try await rig.append(image, 1, "age")
        try await close(image, in: rig)
        let rule = BrokenRule("file.type", message: "m", found: "f", allowed: "a", fix: "x")
        let runner = rig.runner(
            ScriptedProcessor { _ throws(ProcessingError) in
                switch end {
                case "made":
                    return .init(facts: .init(kind: .photo, mediaType: .jpeg), renditions: [], hasBackgroundWork: false)
                case "refused": throw .refused([rule])
                default: throw .unavailable("no helper")
                }
            })
        _ = try await runner.runNext([.judge])
        let media = try await rig.require(image.id)
        let states = ["made": UploadState.succeeded, "refused": .failed, "put back": .pending]
        #expect(media.state == states[end])
        let original = try #require(media.original)
        #expect(original.sha256 == "6105d6cc76af400325e94d588ce511be5bfdbb73b437dc51eca43917d7a43e3d")
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs() == [original.blob])
    }

    @Test("an image that is removed while it is judged leaves no original")
    func removedImage() async throws {
        let rig = try await Rig()
        let image = try await rig.initialize(.tweetImage)
        try await rig.append(image, 0, "image")
        try await close(image, in: rig)
        let catalog = rig.catalog
        let runner = rig.runner(
            ScriptedProcessor { _ throws(ProcessingError) in
                do { _ = try await catalog.markDeleting(image.id, owner: nil, onlyUnfinished: false) } catch {
                    throw .unavailable("\(error)")
                }
                return .init(facts: .init(kind: .photo, mediaType: .jpeg), renditions: [], hasBackgroundWork: false)
            })
        _ = try await runner.runNext([.judge])
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs().isEmpty)
    }

    @Test("background work that fails leaves the media ready")
    func background() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let facts = facts
        _ = try await rig.runner(
            ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: true) }
        ).runNext(JobKind.foreground)
        let failing = rig.runner(ScriptedProcessor { _ throws(ProcessingError) in throw .decoderFailed("crashed") })
        for _ in 0..<3 {
            #expect(try await failing.runNext([.renditions]))
            rig.clock.advance(by: .seconds(10))
        }
        #expect(try await failing.runNext([.renditions]) == false)
        #expect(try await rig.require(upload.id).state == .succeeded)
    }

    @Test("an image is judged while videos fill every slot", .timeLimit(.minutes(1)))
    func imageLane() async throws {
        let rig = try await Rig()
        let facts = facts
        for _ in 0..<4 { _ = try await closedUpload(rig) }
        let runner = rig.runner(
            ScriptedProcessor { task throws(ProcessingError) in
                guard task.category == .tweetImage else {
                    do { try await Task.sleep(for: .seconds(600)) } catch { throw .cancelled }
                    throw .unavailable("was not cancelled")
                }
                return .init(facts: facts, renditions: [], hasBackgroundWork: false)
            })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await runner.run() }
            while try await rig.catalog.jobCounts().first(where: \.isLeased)?.count != 2 { await Task.yield() }
            let image = try await rig.initialize(.tweetImage)
            try await rig.append(image, 0, "image")
            // The rig's clock stands still: were there no lane, this would wait until the test's limit.
            #expect(try await rig.uploads.finalize(image.id, by: rig.alice).media.state == .succeeded)
            group.cancelAll()
        }
    }

    @Test("a service that is shut down hands its job back")
    func shutdown() async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let runner = rig.runner(
            ScriptedProcessor { _ throws(ProcessingError) in
                do { try await Task.sleep(for: .seconds(600)) } catch { throw .cancelled }
                throw .unavailable("was not cancelled")
            })
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await runner.run() }
            while (try? await rig.require(upload.id).state) != .inProgress { await Task.yield() }
            group.cancelAll()
        }
        #expect(try await rig.require(upload.id).state == .pending)
        #expect(try await rig.catalog.jobCounts() == [JobCount(kind: .judgeVideo, isLeased: false, count: 1)])
    }
}
