import MediaRules
import Synchronization
import Testing
import XMedia

@testable import MediaCore
@testable import SQLCatalog

/// What becomes of a job whose end meets a catalog or a store that fails.
@Suite("The end of a job", .timeLimit(.minutes(1)))
struct JobEndTests {
    private let facts = MediaFacts(kind: .video, mediaType: .mp4)

    /// Runs one job while time passes.
    private func run(_ rig: Rig, _ processor: ScriptedProcessor) async throws {
        let isOver = Atomic(false)
        async let time: Void = {
            while !isOver.load(ordering: .relaxed) {
                rig.clock.advance(by: .milliseconds(50))
                try? await Task.sleep(for: .milliseconds(1))
            }
        }()
        _ = try await rig.runner(processor).runNext(JobKind.foreground)
        isOver.store(true, ordering: .relaxed)
        await time
    }

    private func closedUpload(_ rig: Rig) async throws -> MediaRecord {
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "some bytes")
        return try await rig.uploads.finalize(upload.id, by: rig.alice).media
    }

    @Test("a failure is written when the catalog is back, not when the lease has run out")
    func failure() async throws {
        let driver = try await FailingDriver()
        let rig = try await Rig(catalog: SQLCatalog(driver: driver))
        let upload = try await closedUpload(rig)
        let start = rig.clock.now
        let rule = BrokenRule("file.type", message: "m", found: "f", allowed: "a", fix: "x")
        try await run(
            rig,
            ScriptedProcessor { _ throws(ProcessingError) in
                driver.failNext(5)
                throw .refused([rule])
            })
        #expect(try await rig.require(upload.id).state == .failed)
        #expect(rig.clock.now - start < JobRunner.leaseDuration)
    }

    @Test("what was made is published when the catalog is back, and not made again")
    func success() async throws {
        let driver = try await FailingDriver()
        let rig = try await Rig(catalog: SQLCatalog(driver: driver))
        let upload = try await closedUpload(rig)
        let facts = facts
        try await run(
            rig,
            ScriptedProcessor { _ in
                driver.failNext(5)
                return .init(facts: facts, renditions: [], hasBackgroundWork: false)
            })
        #expect(try await rig.require(upload.id).state == .succeeded)
    }

    @Test("a catalog that stays away costs no more than the lease, and the job is done later")
    func away() async throws {
        let driver = try await FailingDriver()
        let rig = try await Rig(catalog: SQLCatalog(driver: driver))
        let upload = try await closedUpload(rig)
        let facts = facts
        let start = rig.clock.now
        try await run(
            rig,
            ScriptedProcessor { _ in
                driver.failNext(.max)
                return .init(facts: facts, renditions: [], hasBackgroundWork: false)
            })
        // The result, and then that the job is handed back.
        #expect(rig.clock.now - start < JobRunner.leaseDuration * 3)
        driver.failNext(0)
        #expect(try await rig.require(upload.id).state == .inProgress)
        rig.clock.advance(by: JobRunner.leaseDuration)
        try await run(rig, ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) })
        #expect(try await rig.require(upload.id).state == .succeeded)
    }

    @Test(
        "results that cannot be stored are made again, however often that was so",
        arguments: [StoreError.unavailable("gone"), .full])
    func unstorable(_ error: StoreError) async throws {
        let rig = try await Rig()
        let upload = try await closedUpload(rig)
        let facts = facts
        let processor = ScriptedProcessor { _ in
            let rendition = ProducedRendition(role: .mp4, path: "/nowhere", contentType: "video/mp4")
            return .init(facts: facts, renditions: [rendition], hasBackgroundWork: false)
        }
        for call in 1...30 {
            rig.blobs.inject(.adopt, call: call) { throw error }
            _ = try await rig.runner(processor).runNext(JobKind.foreground)
            #expect(try await rig.require(upload.id).state == .pending)
            rig.clock.advance(by: .seconds(300))
        }
    }
}
