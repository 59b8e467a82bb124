import Foundation
import ProgramSupport
import Testing

/// One call for a file, the catalog or a process fails, whichever it is: the request says so or does not notice, its
/// repetition works, nothing else changes.
@Suite("The n-th call fails", .serialized)
struct FaultTests {
    @Test("once: the same request succeeds when it is repeated, nothing is lost, nothing is left")
    func once() async throws {
        let sample = CampaignSettings(count: 16)
        print("faults: seed \(sample.seed)")
        let stand = try await Stand()
        let control = stand.control
        control.arm(call: 0)
        try await Flow(client: Client(stand.api), name: "counted").run()
        let kinds = control.kinds
        var refused = 0
        var struck = 0
        for call in sample.cases(ofKinds: kinds) {
            let variant = Int((sample.seed &+ UInt64(call)) % 4)
            let client = Client(stand.api)
            control.arm(call: call, variant: variant)
            do {
                try await Flow(client: client, name: "once \(call)").run()
                try await Flow.check(stand.witness, Client(stand.api))
            } catch {
                Issue.record("call \(call), variant \(variant) (\(control.first)), seed \(sample.seed): \(error)")
            }
            control.release()
            struck += control.failures
            refused += client.refusals.isEmpty ? 0 : 1
            if sample.isWhole { print("faults: \(call) \(control.first) → \(client.refusals)") }
            try await stand.checkNothingLeft("call \(call), variant \(variant) (\(control.first))")
        }
        print("faults: \(struck) calls of \(kinds.count) failed, \(refused) flows had a request refused")
        #expect(struck > 0)
        try await stand.checkWhole()
    }
}
