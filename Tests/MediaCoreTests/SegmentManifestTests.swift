import Testing
import XMedia

@testable import MediaCore

@Suite("Closing the list of segments")
struct SegmentManifestTests {
    private func segments(_ sizes: [Int: Int64]) throws -> [Segment] {
        let id = MediaID(rawValue: 1)
        return try sizes.sorted { $0.key < $1.key }.map { index, size in
            let blob = try #require(BlobName(kind: .attempt, mediaID: id, unique: "b-\(index)"))
            return Segment(mediaID: id, index: index, generation: 0, blob: blob, size: size, crc32c: 0)
        }
    }

    @Test("contiguous segments with the declared sum are closed")
    func complete() throws {
        let manifest = try SegmentManifest(closing: segments([0: 4, 1: 4, 2: 1]), declaredBytes: 9, limit: 9)
        #expect(manifest.size == 9)
        #expect(manifest.segments.map(\.index) == [0, 1, 2])
    }

    @Test("without a declared size, or with 0, any sum within the limit is closed", arguments: [nil, Int64(0)])
    func undeclared(declared: Int64?) throws {
        #expect(try SegmentManifest(closing: segments([0: 5]), declaredBytes: declared, limit: 5).size == 5)
        #expect(throws: SegmentManifest.Fault.tooLarge(receivedBytes: 6, limit: 5)) {
            try SegmentManifest(closing: segments([0: 6]), declaredBytes: declared, limit: 5)
        }
    }

    @Test("nothing received is empty")
    func empty() {
        #expect(throws: SegmentManifest.Fault.empty) {
            try SegmentManifest(closing: [], declaredBytes: 4, limit: 9)
        }
    }

    @Test("gaps are named as ranges, with what was received of what was declared")
    func gaps() {
        #expect(throws: SegmentManifest.Fault.missing([0...0, 2...4, 6...6], receivedBytes: 3, declaredBytes: 8)) {
            try SegmentManifest(closing: segments([1: 1, 5: 1, 7: 1]), declaredBytes: 8, limit: 9)
        }
    }

    @Test("at most twenty gaps are named")
    func manyGaps() throws {
        let everySecond = Dictionary(uniqueKeysWithValues: (0..<50).map { ($0 * 2, Int64(1)) })
        #expect {
            try SegmentManifest(closing: segments(everySecond), declaredBytes: nil, limit: 99)
        } throws: { error in
            guard case .missing(let gaps, _, _) = error as? SegmentManifest.Fault else { return false }
            return gaps.count == 20 && gaps[0] == 1...1
        }
    }

    @Test("another sum than declared is told, larger and smaller", arguments: [Int64(8), 10])
    func mismatch(declared: Int64) {
        #expect(throws: SegmentManifest.Fault.sizeMismatch(receivedBytes: 9, declaredBytes: declared, segments: 2)) {
            try SegmentManifest(closing: segments([0: 8, 1: 1]), declaredBytes: declared, limit: 99)
        }
    }
}
