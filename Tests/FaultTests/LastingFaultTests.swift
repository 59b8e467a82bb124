import Foundation
import ProgramSupport
import Testing

/// From one call on everything fails, as on a dead disk, until it works again.
@Suite("Calls go on failing", .serialized)
struct LastingFaultTests {
    @Test("every request is refused clearly; when the calls work again, so does everything, without a restart")
    func lasting() async throws {
        let sample = CampaignSettings(count: 2)
        print("lasting faults: seed \(sample.seed)")
        let stand = try await Stand()
        let control = stand.control
        control.arm(call: 0)
        try await Flow(client: Client(stand.api), name: "counted").run()
        for call in sample.cases(ofKinds: control.kinds) {
            let variant = Int((sample.seed &+ UInt64(call)) % 4)
            control.arm(call: call, lasting: true, variant: variant)
            // Over when the first request was refused and once repeated; after two seconds where jobs alone notice.
            let timer = Task {
                while control.failures == 0 { try await Task.sleep(for: .milliseconds(20)) }
                try await Task.sleep(for: .seconds(2))
                control.release()
            }
            let client = Client(stand.api, patience: .seconds(4))
            do {
                try await Flow(client: client, name: "lasting \(call)").run()
                try await Flow.check(stand.witness, Client(stand.api))
            } catch {
                Issue.record("from call \(call), variant \(variant) (\(control.first)), seed \(sample.seed): \(error)")
            }
            timer.cancel()
            control.release()
            if sample.isWhole {
                print("lasting: \(call) \(control.first), \(control.failures) failed, \(client.refusals.count) refused")
            }
            try await stand.checkNothingLeft("failing from call \(call), variant \(variant) (\(control.first))")
        }
        try await stand.checkWhole()
    }
}
