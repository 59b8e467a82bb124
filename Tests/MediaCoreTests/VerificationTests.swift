import SQLCatalog
import Testing
import XMedia

@testable import MediaCore

@Suite("Verification")
struct VerificationTests {
    private func findings(_ rig: Rig) async throws -> [Verification.Finding] {
        var findings: [Verification.Finding] = []
        _ = try await Verification(catalog: rig.catalog, blobs: rig.blobs, runningBoot: rig.namer.bootID).run {
            findings.append($0)
        }
        return findings
    }

    @Test("a segment that is composed and erased while it is looked for is no difference")
    func composedMeanwhile() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "video")
        let attempts = try await rig.catalog.segments(of: upload.id).map(\.blob)
        _ = try await rig.uploads.finalize(upload.id, by: rig.alice)
        rig.blobs.inject(.read, call: 1) {
            let facts = MediaFacts(kind: .video, mediaType: .mp4, width: 16, height: 9, durationMs: 1000)
            let processor = ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) }
            _ = try await rig.runner(processor).runNext(JobKind.foreground)
            // The sweeper is killed, or looked at, before it can say in the rows that they are gone.
            try await rig.blobs.delete(attempts)
        }
        #expect(try await findings(rig).isEmpty)
        #expect(try await rig.require(upload.id).original != nil)
    }

    @Test("a segment that is replaced and erased while it is looked for is no difference")
    func replacedMeanwhile() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "first")
        let attempts = try await rig.catalog.segments(of: upload.id).map(\.blob)
        rig.blobs.inject(.read, call: 1) {
            try await rig.append(upload, 0, "second")
            try await rig.blobs.delete(attempts)
        }
        #expect(try await findings(rig).isEmpty)
    }

    @Test("a segment, an original that is gone without a reason is missing")
    func missing() async throws {
        let rig = try await Rig()
        let open = try await rig.initialize()
        try await rig.append(open, 0, "segment")
        let ready = try await rig.readyVideo()
        let names = try await rig.catalog.segments(of: open.id).map(\.blob) + [try #require(ready.original).blob]
        try await rig.blobs.delete(names)
        #expect(try await findings(rig) == names.map { .missing($0) })
    }
}
