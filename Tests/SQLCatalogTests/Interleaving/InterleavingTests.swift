import Foundation
import RandomSupport
import Synchronization
import Testing

@testable import SQLCatalog

/// Each pair of writing methods, on each fixture, with the first held after each of its statements while the second runs.
///
/// What they answer and leave must be what one after the other gives, in one of the two orders, as SQLite does it. Each
/// pair is tried in the fixtures where it does most, as many as `ROOST_CAMPAIGN_N` says, all of them with
/// `ROOST_CAMPAIGN_N=8`; which of the statements is chosen by `ROOST_CAMPAIGN_SEED`, and with all fixtures all are tried.
@Suite("Interleaving")
struct InterleavingTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let fixtures = environment["ROOST_CAMPAIGN_N"].flatMap { Int($0) } ?? 1
    private static let seed = environment["ROOST_CAMPAIGN_SEED"].flatMap { UInt64($0) } ?? 20_261_121

    @Test("every pair of writing methods behaves as one after the other, on PostgreSQL and SQLite")
    func pairs() async throws {
        try await check(Operation.all, in: Fixture.uploads)
    }

    @Test("so does every pair of methods that write users, apps, codes, grants and tokens")
    func identity() async throws {
        try await check(Operation.credentials, in: [.granted])
    }

    private func check(_ operations: [Operation], in chosen: [Fixture]) async throws {
        print("interleaving: ROOST_CAMPAIGN_N=\(Self.fixtures) ROOST_CAMPAIGN_SEED=\(Self.seed)")
        let next = Counter()
        let cases = Counter()
        let meetings = try await Self.meetings(of: operations, in: chosen)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let model = try await Stage.sqlite()
                    let stages = try await [Stage.postgreSQL(), model]
                    while true {
                        let number = next.add() - 1
                        guard number < meetings.count else { break }
                        var random = SeededGenerator(Self.seed &+ UInt64(number))
                        let permitted = try await [
                            model.serially(meetings[number], order: [0, 1]),
                            model.serially(meetings[number], order: [1, 0]),
                        ]
                        for stage in stages {
                            try await check(meetings[number], on: stage, permitted, &random) { cases.add() }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        print("interleaving: \(meetings.count) pairs in their fixtures, \(cases.value) cases")
        #expect(cases.value >= 2 * operations.count * operations.count)
    }

    /// Each pair of methods, in the fixtures where both have an effect, or one, or none, in this order.
    private static func meetings(of operations: [Operation], in chosen: [Fixture]) async throws -> [Meeting] {
        let model = try await Stage.sqlite()
        var effects: [Fixture: [Bool]] = [:]
        for fixture in chosen {
            for operation in operations {
                let meeting = Meeting(fixture: fixture, operations: [operation, operation])
                let before = try await model.serially(meeting, order: []).rows
                effects[fixture, default: []].append(try await model.serially(meeting, order: [0]).rows != before)
            }
        }
        var meetings: [Meeting] = []
        for (first, one) in operations.enumerated() {
            for (second, other) in operations.enumerated() {
                let ordered = [2, 1, 0].flatMap { count in
                    chosen.filter { fixture in
                        [first, second].count { effects[fixture]?[$0] == true } == count
                    }
                }
                meetings += ordered.prefix(fixtures).map { Meeting(fixture: $0, operations: [one, other]) }
            }
        }
        return meetings
    }

    private func check(
        _ meeting: Meeting, on stage: Stage, _ permitted: [Stage.Outcome], _ random: inout SeededGenerator,
        _ count: () -> Void
    ) async throws {
        let all = try await stage.steps(of: meeting)
        let steps = Self.fixtures >= Fixture.uploads.count ? Array(1...all) : [Int.random(in: 1...all, using: &random)]
        for step in steps {
            let outcome = try await stage.interleaved(meeting, step: step)
            count()
            for gate in [stage.first.gate, stage.second.gate] {
                let deadlocks = gate.conflicts.withLock { $0.filter { $0.contains("40P01") } }
                #expect(deadlocks.isEmpty, "\(stage.name), \(meeting), held after statement \(step): deadlock")
            }
            if permitted.contains(outcome) { continue }
            if meeting.operations.contains(where: \.skipsLocked) {
                let rows = try await stage.rowsAfterAgain(meeting)
                if permitted.contains(where: { $0.rows == rows }) { continue }
            }
            Issue.record(Comment(rawValue: stage.name + ", " + text(meeting, step: step, outcome, permitted)))
        }
    }

    private func text(_ meeting: Meeting, step: Int, _ outcome: Stage.Outcome, _ permitted: [Stage.Outcome]) -> String {
        var text = "seed \(Self.seed), \(meeting), held after statement \(step)\n  answers \(outcome.answers)\n"
        for (order, other) in zip(["first, second", "second, first"], permitted) {
            text += "  \(order): answers \(other.answers == outcome.answers ? "the same" : "\(other.answers)")\n"
            for row in Set(outcome.rows).subtracting(other.rows).sorted() { text += "    has \(row)\n" }
            for row in Set(other.rows).subtracting(outcome.rows).sorted() { text += "    not \(row)\n" }
        }
        return text
    }
}
