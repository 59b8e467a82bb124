import MediaCore
import MediaRules
import SQLCatalog
import Testing
import XMedia

@Suite("Requests that are done once")
struct OnceTests {
    private func once(_ rig: Rig, digest: String = "d") -> Once<MediaRecord> {
        let key = IdempotencyKey(userID: rig.alice, operation: "initialize", text: "k", digest: digest)
        return Once(key: key) { StoredAnswer(status: 200, body: "\($0.id)") }
    }

    @Test("the answer is kept for a day, and then swept")
    func kept() async throws {
        let rig = try await Rig()
        let request = InitializeRequest(mediaCategory: .tweetVideo)
        guard case .done(let upload) = try await rig.uploads.initialize(request, owner: rig.alice, once: once(rig))
        else {
            Issue.record("not done")
            return
        }
        rig.clock.advance(by: Sweeper.keyLifetime)
        try await rig.sweeper().sweep()
        guard case .repeated(let answer) = try await rig.uploads.initialize(request, owner: rig.alice, once: once(rig))
        else {
            Issue.record("done again")
            return
        }
        #expect(answer.body == "\(upload.id)")
        rig.clock.advance(by: .milliseconds(1))
        try await rig.sweeper().sweep()
        guard case .done(let second) = try await rig.uploads.initialize(request, owner: rig.alice, once: once(rig))
        else {
            Issue.record("not done anew")
            return
        }
        #expect(second.id != upload.id)
    }

    @Test("another request under the key is refused, also when the server would refuse it for another reason")
    func reused() async throws {
        let rig = try await Rig()
        _ = try await rig.uploads.initialize(
            InitializeRequest(mediaCategory: .tweetVideo), owner: rig.alice, once: once(rig))
        let bad = InitializeRequest(mediaCategory: .tweetImage, mediaType: .mp4)
        await #expect(throws: ServiceError.idempotencyKeyReused) {
            _ = try await rig.uploads.initialize(bad, owner: rig.alice, once: once(rig, digest: "other"))
        }
    }

    @Test("a quota's refusals reach the caller, and deletion frees what was reserved once the sweeper was there")
    func quota() async throws {
        var settings = CoreSettings(rules: RuleBook(profile: .x))
        settings.quota = UserQuota(bytes: 100, openUploads: 2)
        let rig = try await Rig(settings: settings)
        let upload = try await rig.initialize(bytes: 60)
        await #expect(throws: ServiceError.overQuota(.bytes(taken: 60, asked: 41, limit: 100))) {
            _ = try await rig.initialize(bytes: 41)
        }
        _ = try await rig.initialize(bytes: 40)
        try await rig.uploads.abort(upload.id, by: rig.alice)
        await #expect(throws: ServiceError.overQuota(.bytes(taken: 100, asked: 1, limit: 100))) {
            _ = try await rig.initialize(bytes: 1)
        }
        try await rig.sweeper().sweep()
        _ = try await rig.initialize(bytes: 60)
        await #expect(throws: ServiceError.self) { _ = try await rig.initialize(bytes: 1) }
        rig.clock.advance(by: .seconds(2_000_000))
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.storedBytes(of: rig.alice) == 0)
    }
}
