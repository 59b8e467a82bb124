import Foundation
import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing

/// Files that want much time or memory: refused with a reason, or processed within what docs/media-limits.md states.
///
/// `ROOST_CAMPAIGN_N` above 1 adds the heavy ones.
@Suite("Media bombs", .serialized)
struct BombTests {
    /// The address space that each program may have, as docs/media-limits.md states it.
    static let limits = ["ffprobe": 3 << 30, "ffmpeg": 6 << 30, "roost-imaging": 4 << 30]
    static let isCampaign = (ProcessInfo.processInfo.environment["ROOST_CAMPAIGN_N"].flatMap { Int($0) } ?? 1) > 1

    static func run(_ bombs: [Bomb], profile: String) async throws {
        let attacked = try Attacked(arguments: ["--profile", profile])
        let (api, pid) = (attacked.api, attacked.server.pid)
        for bomb in bombs where isCampaign || !bomb.isHeavy {
            let bytes = try bomb.make()
            let (outcome, peaks) = try await PeakMemory.watching(below: pid) {
                try await api.process(bytes, bomb.category, within: bomb.seconds)
            }
            let kilobytes = (bytes.count + 500) / 1000
            let memory = limits.keys.sorted().compactMap { name in
                peaks[name].map { "\(name) \($0 >> 20) MiB" }
            }
            let reason = outcome.rules.joined(separator: " ")
            print(
                "| \(bomb.name) | \(kilobytes) | \(outcome.state) \(reason) | "
                    + String(format: "%.1f", outcome.seconds) + " | \(memory.joined(separator: ", ")) |")
            check(bomb, outcome)
            for (name, limit) in limits { #expect(peaks[name] ?? 0 < limit, "\(bomb.name): \(name)") }
        }
        let alive = try await api.send(.GET, "/healthz", authorized: false)
        #expect(alive.status == 200)
        #expect(try await attacked.scratchLeft() == [])
    }

    static func check(_ bomb: Bomb, _ outcome: Outcome) {
        switch bomb.expectation {
        case .processed: #expect(outcome.state == "succeeded", "\(bomb.name): \(outcome)")
        case .refused(let rule):
            #expect(["failed", "refused"].contains(outcome.state), "\(bomb.name): \(outcome)")
            #expect(outcome.rules.contains(rule), "\(bomb.name): \(outcome)")
        case .either:
            #expect(["failed", "refused", "succeeded"].contains(outcome.state), "\(bomb.name): \(outcome)")
        }
        #expect(outcome.state == "succeeded" || outcome.hasReason, "\(bomb.name): \(outcome)")
        #expect(outcome.seconds < bomb.seconds, "\(bomb.name)")
    }

    @Test("images")
    func images() async throws { try await Self.run(Bomb.images, profile: "x") }

    @Test("videos")
    func videos() async throws { try await Self.run(Bomb.videos, profile: "x") }

    @Test("images where larger ones are allowed")
    func opened() async throws { try await Self.run(Bomb.opened, profile: "open") }
}
