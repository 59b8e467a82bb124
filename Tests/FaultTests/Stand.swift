import Foundation
import NIOHTTP1
import ProgramSupport
import Testing

/// A server whose calls can be made to fail, with a witness that must never change.
struct Stand {
    let folder: TemporaryFolder
    let control: FaultControl
    let server: RoostProcess
    let api: APIClient
    let witness: Flow.Kept
    /// Descriptors and processes after everything was done twice.
    let rest: ProcessFacts

    init(environment: [String: String] = [:]) async throws {
        folder = try TemporaryFolder()
        control = try FaultControl(beside: "\(folder.path)/data")
        server = try RoostProcess(
            data: "\(folder.path)/data", arguments: ["--log-level", "notice"],
            environment: control.environment.merging(environment) { $1 })
        api = APIClient(url: server.url, token: try server.token())
        witness = try await Flow(client: Client(api), name: "witness").run()
        try await Flow(client: Client(api), name: "warm-up").run()
        try await Task.sleep(for: .milliseconds(500))
        rest = try ProcessFacts(pid: server.pid)
    }

    /// Nothing that was opened or started for a flow is left, soon after it.
    func checkNothingLeft(_ comment: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var left: [String] = []
        for _ in 0..<100 {
            left = try leftNow()
            if left.isEmpty { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("left open after \(comment): \(left)", sourceLocation: sourceLocation)
    }

    private func leftNow() throws -> [String] {
        let facts = try ProcessFacts(pid: server.pid)
        let before = rest.census
        // There is an image helper for each core, started when it is first needed: a process, its pidfd, its pipe.
        let coldHelpers = max(0, ProcessInfo.processInfo.activeProcessorCount - rest.children)
        var left = facts.census.compactMap { name, count -> String? in
            // The catalog's connections are opened as they are needed, up to five that read.
            if name.contains("/catalog.sqlite") { return count > 6 ? "\(name) × \(count)" : nil }
            // Connections of clients come and go.
            if name == "socket" { return nil }
            let slack = ["anon_inode:[pidfd]", "pipe", "/dev/null"].contains(name) ? coldHelpers : 0
            return count > before[name, default: 0] + slack ? "\(name) × \(count)" : nil
        }
        if facts.children > rest.children + coldHelpers {
            left.append("\(facts.children) processes, before \(rest.children)")
        }
        return left
    }

    /// Ends the server and shows that its folder is whole: after the sweep of the next start no file is without a row
    /// and no row without its file.
    func checkWhole(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(server.terminate() == 0, "\(server.logText.suffix(2000))", sourceLocation: sourceLocation)
        try await Stand.checkWhole(data: server.data, sourceLocation: sourceLocation)
    }

    static func checkWhole(data: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let next = try RoostProcess(data: data)
        let api = APIClient(url: next.url, token: try next.token())
        // The sweep begins at the start; metrics are answered when it has had its turn.
        for _ in 0..<100 {
            if try await api.send(.GET, "/readyz", authorized: false).status == 200 { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        try await Task.sleep(for: .seconds(1))
        #expect(next.terminate() == 0, sourceLocation: sourceLocation)
        let verified = try RoostProcess.run(["verify", "--data", data])
        #expect(verified.status == 0, "\(verified.output) \(verified.errors)", sourceLocation: sourceLocation)
    }
}
