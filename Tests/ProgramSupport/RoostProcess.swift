package import Foundation
import Synchronization
import Testing

/// The built program, run as a user runs it.
package final class RoostProcess {
    /// A run did not do what it should.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// Where the programs are: in the folder `ROOST_BIN`, or beside the test bundle, where the build puts all of them.
    package static let programs: URL = {
        if let folder = ProcessInfo.processInfo.environment["ROOST_BIN"] { return URL(fileURLWithPath: folder) }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") {
            folder = bundle.bundleURL.deletingLastPathComponent()
        }
        return folder
    }()

    package let data: String
    package private(set) var url = ""
    private let process = Process()
    private let log: URL
    /// Reads the log also when a test has removed its folder already.
    private var written: FileHandle?

    /// Starts `roost serve` on a data folder and waits for its address.
    package init(data: String, arguments: [String] = [], environment: [String: String] = [:]) throws {
        self.data = data
        log = URL(fileURLWithPath: "\(data).log")
        let output = Pipe()
        try launch(arguments, environment, output)
        try waitForAddress(output)
    }

    /// Starts `roost serve` and kills it in the middle of that.
    package static func start(
        data: String, arguments: [String] = [], environment: [String: String] = [:], killedAfter delay: Duration
    ) async throws {
        let server = RoostProcess(notStarted: data)
        try server.launch(arguments, environment, Pipe())
        try await Task.sleep(for: delay)
        server.kill()
    }

    private init(notStarted data: String) {
        self.data = data
        log = URL(fileURLWithPath: "\(data).log")
    }

    private func launch(_ arguments: [String], _ environment: [String: String], _ output: Pipe) throws {
        try Data().write(to: log)
        process.executableURL = Self.programs.appendingPathComponent("roost")
        // Relative, as in `roost serve` without options: decoders run in another working folder than the server.
        let folder = URL(fileURLWithPath: data)
        process.currentDirectoryURL = folder.deletingLastPathComponent()
        process.arguments = ["serve", "--data", folder.lastPathComponent, "--port", "0"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        written = try FileHandle(forReadingFrom: log)
        try process.run()
    }

    /// Records an issue when the log of the server, which has ended, holds a secret; see ``LogSecrets``.
    private func checkLog() {
        guard let written else { return }
        self.written = nil
        let found = LogSecrets.found(in: (try? written.readToEnd()) ?? Data())
        if !found.isEmpty { Issue.record("the log of the server on \(data) holds \(found.prefix(10))") }
    }

    private func waitForAddress(_ output: Pipe) throws {
        var text = ""
        while true {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { throw Failure(description: "the server did not start: \(text)\(logText)") }
            text += String(decoding: bytes, as: UTF8.self)
            guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Roost serves ") }),
                text.hasSuffix("\n"), let range = line.range(of: " at http")
            else { continue }
            url = String(line[line.index(range.lowerBound, offsetBy: 4)...])
            return
        }
    }

    /// What the server has logged so far.
    package var logText: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    package var pid: Int32 { process.processIdentifier }

    /// Ends it as a crash does.
    package func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        checkLog()
    }

    /// Ends it as an operator does; returns its exit status.
    package func terminate() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        checkLog()
        return process.terminationReason == .exit ? process.terminationStatus : -1
    }

    deinit {
        if process.isRunning { kill() } else { checkLog() }
    }

    /// Runs another command of the program with this on its standard input; returns what it prints and its exit status.
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> (status: Int32, output: String, errors: String) {
        // What a command reads is a password.
        for line in input.split(whereSeparator: \.isNewline) { LogSecrets.add(String(line)) }
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = programs.appendingPathComponent("roost")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        // A pipe holds more than any test writes, so that nobody waits.
        let typed = Pipe()
        process.standardInput = typed
        try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try typed.fileHandleForWriting.close()
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines), complaint)
    }

    /// A token for a user of this server.
    package func token(user: String = "alice", scopes: String = "media.write tweet.read tweet.write users.read") throws
        -> String
    {
        let result = try Self.run(["token", "create", "--data", data, "--user", user, "--scopes", scopes])
        guard result.status == 0 else { throw Failure(description: result.errors) }
        return result.output
    }
}
