import MediaCore
import NIOCore
import Synchronization
import XMedia

/// One schedule on its way: everything at once, then to the end, then the judgement.
final class ScheduleRun: Sendable {
    let schedule: Schedule
    let world: World
    let history = History()
    let upload: MediaRecord
    /// The longest that somebody waited for an answer.
    let longest = Mutex(Duration.zero)

    init(_ schedule: Schedule, on ground: World.Ground) async throws {
        self.schedule = schedule
        world = World(on: ground, for: schedule)
        let total = schedule.segments.reduce(0) { $0 + $1[0].count }
        upload = try await world.uploads.initialize(
            InitializeRequest(
                mediaCategory: schedule.isImage ? .tweetImage : .tweetVideo,
                totalBytes: schedule.declaresSize ? Int64(total) : nil, additionalOwners: nil),
            owner: world.owner)
    }

    /// All of it; what was wrong, if anything.
    func run() async throws -> [String] {
        await withTaskGroup(of: Void.self) { group in
            for step in schedule.steps {
                group.addTask {
                    for _ in 0..<step.delay { await Task.yield() }
                    await self.timed { await self.perform(step.action) }
                }
            }
            await withTime(passing: schedule.isImage) { await group.waitForAll() }
        }
        try await settle()
        try await judge()
        try await clear()
        return history.complaints
    }

    func timed(_ body: () async throws -> Void) async rethrows {
        let began = ContinuousClock.now
        try await body()
        let took = ContinuousClock.now - began
        longest.withLock { $0 = max($0, took) }
    }

    /// Runs `body`; where finalize waits for a job, jobs are done and time passes meanwhile.
    func withTime(passing: Bool, _ body: () async throws -> Void) async rethrows {
        guard passing else { return try await body() }
        let isOver = Flag()
        async let pump: Void = passTime(until: isOver)
        do {
            try await body()
        } catch {
            isOver.raise()
            await pump
            throw error
        }
        isOver.raise()
        await pump
    }

    private func passTime(until isOver: Flag) async {
        while !isOver.isRaised {
            _ = try? await world.runner.runNext(JobKind.allCases)
            world.clock.advance(by: .milliseconds(600))
            await Task.yield()
        }
    }
}

/// Tells one task that another is done.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .relaxed) }

    func raise() { state.store(true, ordering: .relaxed) }
}
