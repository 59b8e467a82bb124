import Foundation
import ProgramSupport

/// One start of `roost serve` that may fail.
struct Start {
    /// What came of it.
    enum Outcome: Equatable {
        /// It served; it was ended and left with this status.
        case served(url: String, exit: Int32)
        /// It gave up with this status and these words on standard error.
        case gaveUp(status: Int32, words: String)
        /// A signal ended it.
        case crashed(signal: Int32, words: String)
        /// Neither, for a minute.
        case hung
    }

    /// Starts it on a folder.
    ///
    /// - Parameters:
    ///   - whileServing: what to do when it serves, before it is ended.
    static func attempt(
        data: String, environment: [String: String], whileServing: (String) async throws -> Void = { _ in }
    ) async throws -> Outcome {
        let process = Process()
        let output = "\(data).out"
        let errors = "\(data).err"
        for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
        process.executableURL = RoostProcess.programs.appendingPathComponent("roost")
        process.arguments = ["serve", "--data", data, "--port", "0", "--log-level", "error"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Closed here: a process that nobody waits for with Foundation keeps them, and a whole campaign has a thousand.
        let files = try [output, errors].map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
        defer { for file in files { try? file.close() } }
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        var url: String?
        guard
            try await soon({
                let text = try String(contentsOfFile: output, encoding: .utf8)
                url = text.split(separator: "\n").first { $0.hasPrefix("Roost serves ") }
                    .flatMap { $0.split(separator: " ").last }.map(String.init)
                return url != nil || !process.isRunning
            })
        else {
            kill(process.processIdentifier, SIGKILL)
            return .hung
        }
        if let url {
            try await whileServing(url)
            process.terminate()
            guard try await soon({ !process.isRunning }) else {
                kill(process.processIdentifier, SIGKILL)
                return .hung
            }
        }
        let words = try String(contentsOfFile: errors, encoding: .utf8)
        guard process.terminationReason == .exit else {
            return .crashed(signal: process.terminationStatus, words: words)
        }
        guard let url else { return .gaveUp(status: process.terminationStatus, words: words) }
        return .served(url: url, exit: process.terminationStatus)
    }

    private static func soon(_ condition: () throws -> Bool) async throws -> Bool {
        for _ in 0..<6000 {
            if try condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
