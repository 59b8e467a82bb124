import MediaCore
import Testing
import XMedia

@testable import SQLCatalog

@Suite("The sweeper's steps")
struct SweeperStepTests {
    /// One thing for each step, in the order of their writes.
    private static let writes = ["expired media", "marked media", "attempts", "keys"]

    @Test("one that cannot write keeps none of the others from it", arguments: 0..<4)
    func alone(failing: Int) async throws {
        let driver = try await FailingDriver()
        let rig = try await Rig(catalog: SQLCatalog(driver: driver))
        let key = IdempotencyKey(userID: rig.alice, operation: "o", text: "k", digest: "d")
        let once = Once<MediaRecord>(key: key) { StoredAnswer(status: 200, body: "\($0.id)") }
        let request = InitializeRequest(mediaCategory: .tweetVideo)
        guard case .done(let expired) = try await rig.uploads.initialize(request, owner: rig.alice, once: once) else {
            Issue.record("not done")
            return
        }
        rig.clock.advance(by: .seconds(2_000_000))
        let aborted = try await rig.initialize()
        try await rig.append(aborted, 0, "aborted")
        try await rig.uploads.abort(aborted.id, by: rig.alice)
        let open = try await rig.initialize()
        for text in ["old", "new"] { try await rig.append(open, 0, text) }

        driver.failNext(1, after: failing)
        await #expect(throws: StoreError.unavailable("staged")) { try await rig.sweeper().sweep() }
        let expiredState = try await rig.catalog.media(expired.id)?.state ?? .deleting
        let done = [
            expiredState == .deleting,
            try await rig.catalog.media(aborted.id) == nil,
            try await rig.catalog.discardableAttempts(after: nil, limit: 9).isEmpty,
            try await rig.catalog.earlierAnswer(to: key) == nil,
        ]
        #expect(done == (0..<4).map { $0 != failing }, "\(Self.writes[failing])")
        // The bytes need no write.
        #expect(try await rig.storedBlobs().count == 1)

        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.media(expired.id) == nil)
        #expect(try await rig.catalog.deletions(after: nil, limit: 9).isEmpty)
        #expect(try await rig.catalog.discardableAttempts(after: nil, limit: 9).isEmpty)
        #expect(try await rig.catalog.earlierAnswer(to: key) == nil)
    }
}
