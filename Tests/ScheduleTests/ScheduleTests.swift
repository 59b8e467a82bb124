import Dispatch
import Foundation
import MediaCore
import ProgramSupport
import Synchronization
import Testing

/// Many people work on one upload at the same time, in orders that a seed draws.
@Suite("Schedules", .serialized)
struct ScheduleTests {
    /// Schedules of one run of the tests; `make schedules` runs 10,000.
    private static let sample = 1000

    @Test("one winner, the model's bytes, nobody waits long, nothing is left")
    func schedules() async throws {
        let sample = CampaignSettings(count: Self.sample)
        print("schedules: seed \(sample.seed)")
        let folder = try TemporaryFolder()
        let lanes = 2
        let count = sample.isWhole ? 10_000 : sample.count
        try await withThrowingTaskGroup(of: Duration.self) { group in
            for lane in 0..<lanes {
                group.addTask { [path = folder.path] in
                    try await run(lane: lane, of: lanes, count: count, seed: sample.seed, in: path)
                }
            }
            var longest = Duration.zero
            for try await duration in group { longest = max(longest, duration) }
            print("schedules: \(count) done, the longest wait was \(longest)")
            // Ten times the second that nobody may wait: a machine that is busy with other things is no finding.
            #expect(longest < .seconds(10))
        }
        withExtendedLifetime(folder) {}
    }

    /// A seed is that of a whole schedule: `ROOST_CAMPAIGN_SEED=… ROOST_CAMPAIGN_N=1` repeats the script of one.
    private func run(lane: Int, of lanes: Int, count: Int, seed: UInt64, in folder: String) async throws -> Duration {
        var ground: World.Ground?
        var grounds = 0
        var longest = Duration.zero
        for number in stride(from: lane, to: count, by: lanes) {
            let schedule = Schedule(seed: seed &+ UInt64(number))
            let watch = Watch(over: schedule)
            defer { watch.end() }
            if ground == nil {
                grounds += 1
                let place = "\(folder)/\(lane)-\(grounds)"
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                ground = try await World.Ground(folder: place)
            }
            guard let here = ground else { continue }
            var complaints: [String] = []
            do {
                let run = try await ScheduleRun(schedule, on: here)
                complaints = try await run.run()
                longest = max(longest, run.longest.withLock { $0 })
            } catch {
                complaints.append("\(error)")
            }
            if !complaints.isEmpty {
                Issue.record("\(complaints.joined(separator: "; ")) in \(schedule)")
                // What one schedule spoiled is not held against the next.
                ground = nil
            }
        }
        return longest
    }
}

/// Ends the tests when a schedule never ends, and says which it was.
private final class Watch {
    private let timer: any DispatchSourceTimer

    init(over schedule: Schedule) {
        timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + 60)
        timer.setEventHandler {
            print("schedules: this one never ends: \(schedule)")
            exit(1)
        }
        timer.activate()
    }

    func end() { timer.cancel() }
}
