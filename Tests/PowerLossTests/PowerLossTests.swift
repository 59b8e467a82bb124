import ProgramSupport
import RandomSupport
import Testing

/// The machine loses its power at random moments; nothing that was acknowledged is lost or filled with zeros.
///
/// The built program runs with a library in front of the system's (`Shim`) that records every change of its data folder
/// and every sync. It is killed, and its folder is made what a disk may hold that has kept what was synchronized and, of
/// the rest, what ``PowerCut`` says. `docs/durability.md` says what this model cannot show.
@Suite("Power lost at random moments", .serialized)
struct PowerLossTests {
    @Test("every acknowledged fact holds, every row has its bytes")
    func campaign() async throws {
        let settings = CampaignSettings(count: 10)
        let name = "ROOST_CAMPAIGN_SEED=\(settings.seed) ROOST_CAMPAIGN_N=\(settings.count)"
        print("power loss: \(name)")
        var rounds = Rounds(seed: settings.seed)
        var left = settings.count
        var folder = 0
        while left > 0 {
            // A new folder now and then: the first start has moments that no other has.
            let count = min(left, 20)
            left -= count
            folder += 1
            let failures: [String]
            do {
                failures = try await rounds.run(count, folder: folder)
            } catch {
                Issue.record("\(name), round \(rounds.number): \(error)")
                return
            }
            try #require(failures.isEmpty, "\(name), round \(rounds.number)")
        }
        print(
            """
            power loss: \(rounds.number) rounds \(rounds.cuts), \(rounds.recorded) changes and syncs recorded, \
            \(rounds.inMemory) changes were not durable when the power went; \(rounds.answers) answers that must hold
            """)
        #expect(rounds.inMemory > 0)
    }

    @Test("a new data folder and its first token are there after the power was lost at once")
    func firstStart() async throws {
        var rounds = Rounds(seed: 2)
        rounds.only = .lost
        let failures = try await rounds.run(1, folder: 1)
        #expect(failures.isEmpty)
    }

    /// Every place where the program synchronizes, as the model sees it.
    private static let syncs: [IgnoredSyncs] = [
        IgnoredSyncs(areOfFolders: false, prefix: "data/catalog.sqlite-wal", isWhole: true),
        IgnoredSyncs(areOfFolders: true, prefix: "data/blobs/attempts/"),
        IgnoredSyncs(areOfFolders: false, prefix: "data/blobs/originals/"),
        // The rest is for long runs: this tests the test.
        IgnoredSyncs(areOfFolders: true, prefix: "", isWhole: true),
        IgnoredSyncs(areOfFolders: true, prefix: "data", isWhole: true),
        IgnoredSyncs(areOfFolders: false, prefix: "data/blobs/attempts/"),
        IgnoredSyncs(areOfFolders: true, prefix: "data/blobs/originals/"),
        IgnoredSyncs(areOfFolders: true, prefix: "data/blobs/renditions/"),
        IgnoredSyncs(areOfFolders: false, prefix: "data/scratch/"),
        IgnoredSyncs(areOfFolders: false, prefix: "data/catalog.sqlite", isWhole: true),
    ]
    private static let checkedSyncs = CampaignSettings.isLong ? syncs : Array(syncs.prefix(3))

    @Test("each sync is needed: without it something is lost, and the test notices", arguments: checkedSyncs)
    func without(ignored: IgnoredSyncs) async throws {
        var rounds = Rounds(seed: 1)
        rounds.ignored = ignored
        rounds.only = .lost
        let failures = try await rounds.run(10, folder: 1)
        #expect(!failures.isEmpty)
        print("power loss: without \(ignored): \(failures.first ?? "") in round \(rounds.number)")
    }

    @Test("with `--durability process` something is lost")
    func withoutSyncs() async throws {
        var rounds = Rounds(seed: 1)
        rounds.arguments = ["--durability", "process"]
        rounds.only = .lost
        let failures = try await rounds.run(8, folder: 1)
        #expect(!failures.isEmpty)
    }
}

/// Lives of the server that each end with the power.
private struct Rounds {
    /// Options of `roost serve`.
    var arguments: [String] = []
    /// The way in which power is lost; all of them in turn when there is none.
    var only: PowerCut?
    /// Syncs that are taken for not done.
    var ignored: IgnoredSyncs?
    private(set) var number = 0
    private(set) var recorded = 0
    private(set) var inMemory = 0
    private(set) var answers = 0
    private(set) var cuts: [String: Int] = [:]
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// Runs some rounds on a new folder.
    ///
    /// - Returns: what was lost, which ends the rounds.
    mutating func run(_ count: Int, folder serial: Int) async throws -> [String] {
        let folder = try TemporaryFolder()
        let disk = try RecordedFolder(below: folder.path)
        var campaign = try Campaign(
            data: "\(disk.path)/data", seed: seed &+ UInt64(serial), arguments: arguments, environment: disk.environment
        )
        defer { answers += campaign.answers }
        for _ in 0..<count {
            number += 1
            var random = SeededGenerator(seed, number)
            let cut = only ?? PowerCut.allCases[(number + Int(seed % 4)) % PowerCut.allCases.count]
            let found = await failures { try await live(&campaign) }
            if !found.isEmpty { return found }
            let numbers = try disk.cutPower(cut, ignoring: ignored, using: &random)
            recorded += numbers.recorded
            inMemory += numbers.inMemory
            cuts[cut.rawValue, default: 0] += 1
        }
        return await failures {
            var left: [String] = []
            try await campaign.finish { left = try await $0.audit() }
            return left + campaign.violations
        }
    }

    private func live(_ campaign: inout Campaign) async throws -> [String] {
        var left: [String] = []
        try await campaign.live(round: number) { campaign in
            left = campaign.violations.isEmpty ? try await campaign.audit() : []
        }
        return left + campaign.violations
    }

    /// What the body returns or throws.
    private func failures(_ body: () async throws -> [String]) async -> [String] {
        do { return try await body() } catch { return ["\(error)"] }
    }
}
