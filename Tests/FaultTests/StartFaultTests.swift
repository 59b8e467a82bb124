import Foundation
import ProgramSupport
import Testing

/// One call fails while the server starts: it works all the same, or says why not, and the next start works.
@Suite("The n-th call of a start fails", .serialized)
struct StartFaultTests {
    @Test("on a new folder: no start leaves one behind that the next start cannot use")
    func newFolder() async throws {
        let folder = try TemporaryFolder()
        let sample = CampaignSettings(count: 5)
        print("faults at the first start: seed \(sample.seed)")
        let kinds = try await calls(data: "\(folder.path)/counted")
        for call in sample.cases(ofKinds: kinds) {
            let data = "\(folder.path)/\(call)"
            await check(call, sample.seed, data: data)
            try await startsWell(data: data)
            try FileManager.default.removeItem(atPath: data)
        }
    }

    @Test("on a folder with media: everything is there at the next start")
    func usedFolder() async throws {
        let folder = try TemporaryFolder()
        let sample = CampaignSettings(count: 5)
        print("faults at a later start: seed \(sample.seed)")
        let data = "\(folder.path)/data"
        let server = try RoostProcess(data: data)
        let token = try server.token()
        let kept = try await Flow(client: Client(APIClient(url: server.url, token: token)), name: "kept").run()
        #expect(server.terminate() == 0)
        let kinds = try await calls(data: data)
        for call in sample.cases(ofKinds: kinds) {
            await check(call, sample.seed, data: data)
            try await startsWell(data: data) { url in
                try await Flow.check(kept, Client(APIClient(url: url, token: token)))
            }
        }
        try await Stand.checkWhole(data: data)
    }

    /// The calls that a start makes, by kind.
    private func calls(data: String) async throws -> [UInt8] {
        let control = try FaultControl(beside: data)
        control.arm(call: 0)
        try await startsWell(data: data, environment: control.environment)
        return control.kinds
    }

    private func startsWell(
        data: String, environment: [String: String] = [:], whileServing: (String) async throws -> Void = { _ in }
    ) async throws {
        let outcome = try await Start.attempt(data: data, environment: environment, whileServing: whileServing)
        guard case .served(_, 0) = outcome else {
            throw RoostProcess.Failure(description: "\(data) cannot be served: \(outcome)")
        }
    }

    private func check(_ call: Int, _ seed: UInt64, data: String) async {
        do {
            let control = try FaultControl(beside: data)
            let variant = Int((seed &+ UInt64(call)) % 4)
            control.arm(call: call, variant: variant)
            let outcome = try await Start.attempt(data: data, environment: control.environment)
            let what = "call \(call), variant \(variant) (\(control.first)), seed \(seed)"
            if CampaignSettings(count: 0).isWhole { print("start: \(what): \(outcome)") }
            switch outcome {
            case .served(_, let exit): #expect(exit == 0, "\(what)")
            case .gaveUp(let status, let words):
                #expect(status != 0, "\(what)")
                // One line for a person, after whatever the log says.
                #expect(words.contains("Error: ") && words.count < 2000, "\(what): \(words)")
            case .crashed, .hung: Issue.record("\(what): \(outcome)")
            }
        } catch {
            Issue.record("call \(call): \(error)")
        }
    }
}
