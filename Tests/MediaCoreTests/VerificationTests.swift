import NIOCore
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

    @Test("checksums are told in eight digits, as status tells them")
    func checksums() async throws {
        let rig = try await Rig()
        func write(_ text: String, _ name: BlobName) async throws -> StoredBlob {
            try await rig.blobs.write(name) { try await $0.write(ByteBuffer(string: text)) }
        }
        // One whose checksum begins with a zero.
        var text = ""
        for number in 100..<1000 where text.isEmpty {
            let name = rig.namer.name(.attempt, of: MediaID(rawValue: 1))
            if try await write("\(number)", name).crc32c >> 28 == 0 { text = "\(number)" }
            try await rig.blobs.delete([name])
        }
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, text)
        let segment = try #require(try await rig.catalog.segments(of: upload.id).first)
        try await rig.blobs.delete([segment.blob])
        _ = try await write("xyz", segment.blob)
        guard case .damaged(_, let reason) = try await findings(rig).first else {
            Issue.record("not found")
            return
        }
        #expect(try /CRC-32C [0-9a-f]{8}, expected 0[0-9a-f]{7}/.wholeMatch(in: reason) != nil, "\(reason)")
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
