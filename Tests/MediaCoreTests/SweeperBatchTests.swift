import MediaCore
import SQLCatalog
import Testing
import XMedia

@Suite("Sweeping many")
struct SweeperBatchTests {
    /// Uploads of one segment each, all of them expired.
    private func expired(_ count: Int, in rig: Rig) async throws {
        for _ in 0..<count {
            let upload = try await rig.initialize()
            try await rig.append(upload, 0, "bytes")
        }
        rig.clock.advance(by: .seconds(2_000_000))
    }

    @Test("media are erased by the hundred: as many calls as there are hundreds")
    func hundreds() async throws {
        let rig = try await Rig()
        try await expired(230, in: rig)
        #expect(try await rig.storedBlobs().count == 230)
        let before = rig.blobs.calls(of: .delete)
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs().isEmpty)
        #expect(try await rig.catalog.deletions(after: nil, limit: 1).isEmpty)
        #expect(rig.blobs.calls(of: .delete) - before == 3)
    }

    @Test("media that cannot be erased keep their rows, and keep no others from being erased")
    func unerasable() async throws {
        let rig = try await Rig()
        try await expired(130, in: rig)
        // The first hundred fail together, then each alone; what comes behind them succeeds.
        let calls = rig.blobs.calls(of: .delete)
        for call in 1...101 { rig.blobs.inject(.delete, call: calls + call) { throw StoreError.unavailable("test") } }
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs().count == 100)
        #expect(try await rig.catalog.deletions(after: nil, limit: 1000).count == 100)
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs().isEmpty)
        #expect(try await rig.catalog.deletions(after: nil, limit: 1000).isEmpty)
    }

    @Test("one medium that cannot be erased is the only one of its hundred that stays")
    func one() async throws {
        let rig = try await Rig()
        try await expired(20, in: rig)
        let calls = rig.blobs.calls(of: .delete)
        for call in [1, 8] { rig.blobs.inject(.delete, call: calls + call) { throw StoreError.unavailable("test") } }
        try await rig.sweeper().sweep()
        let left = try await rig.catalog.deletions(after: nil, limit: 1000)
        #expect(left.count == 1)
        #expect(try await rig.storedBlobs() == Set(left.flatMap(\.blobs)))
    }

    @Test("attempts that cannot be erased keep no others from being erased", .timeLimit(.minutes(2)))
    func unerasableAttempts() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        for _ in 0..<531 { try await rig.append(upload, 0, "bytes") }
        let calls = rig.blobs.calls(of: .delete)
        // The first five hundred fail together, then each alone; what comes behind them succeeds.
        for call in 1...501 { rig.blobs.inject(.delete, call: calls + call) { throw StoreError.unavailable("test") } }
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.discardableAttempts(after: nil, limit: 1000).count == 500)
        #expect(try await rig.storedBlobs().count == 501)
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs().count == 1)
    }

    @Test("an attempt that cannot be erased is given again, the others are not")
    func attempts() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        for number in 0..<6 { try await rig.append(upload, 0, "bytes \(number)") }
        let calls = rig.blobs.calls(of: .delete)
        // Nothing is marked: the first call is for all attempts, the next ones for each alone.
        for call in [1, 3] { rig.blobs.inject(.delete, call: calls + call) { throw StoreError.unavailable("test") } }
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.discardableAttempts(after: nil, limit: 10).count == 1)
        #expect(try await rig.storedBlobs().count == 2)
        try await rig.sweeper().sweep()
        #expect(try await rig.storedBlobs().count == 1)
    }
}
