import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// Many small uploads come and go, and the server is what it was before.
@Suite("Soak", .serialized)
struct SoakTests {
    /// Uploads of one run of the tests; `make soak` runs more.
    private static let uploads = 2000
    /// A part of them comes before the first measurement: pools fill, caches warm, the allocator takes its arenas.
    private static let warmUp = 600

    @Test("memory, threads, open files and disk return to where they were; rows go when their time is over")
    func soak() async throws {
        let settings = CampaignSettings(count: Self.uploads)
        let count = settings.isWhole ? 200_000 : settings.count
        let soak = try Soak()
        try await soak.upload(Self.warmUp)
        try await soak.waitUntilExpired()
        let before = try soak.measure()
        print("soak: after \(Self.warmUp) uploads for warmth: \(before)")
        // In rounds, so that a curve is printed, and what expires is swept beside what comes.
        let rounds = max(1, min(20, count / 1000))
        let began = ContinuousClock.now
        for round in 1...rounds {
            try await soak.upload(count / rounds)
            let seconds = Double((ContinuousClock.now - began).components.seconds)
            print("soak: \(count / rounds * round) uploads after \(Int(seconds)) s: \(try soak.measure())")
        }
        try await soak.waitUntilExpired()
        let after = try soak.measure()
        print("soak: after expiry: \(after)")

        // The allocator keeps freed pages in its arenas, so memory is bounded by a constant and not by the count: 200,000
        // uploads that each left 1 KiB would be ten times this.
        #expect(after.residentBytes < before.residentBytes + 20 << 20)
        // SQLite's connections fill their caches, 2 MB each; nothing else may stay in use.
        #expect(after.usedBytes < before.usedBytes + 14 << 20)
        #expect(after.threads <= before.threads + 8)
        #expect(after.files <= before.files + 8)
        #expect(after.blobs == 0)
        // Free pages are reused: the catalog's file is as large as the most that ever was in it, not the sum.
        #expect(after.catalogBytes < before.catalogBytes + 24 << 20)
        #expect(soak.server.terminate() == 0)
        let verified = try RoostProcess.run(["verify", "--data", soak.server.data])
        #expect(verified.output.hasPrefix("0 blobs, 0 bytes, 0 differences"), "\(verified.output)")
    }
}
