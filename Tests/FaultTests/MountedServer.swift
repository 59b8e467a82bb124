import Foundation
import ProgramSupport
import Testing

/// A server on a small tmpfs that only it and its commands see.
final class MountedServer {
    private(set) var api = APIClient(url: "", token: "")
    /// Keeps the file system as long as this process lives: `cat`, until its input ends.
    private let mount = Process()
    private let mountInput = Pipe()
    private var process: Process?
    private let folder: TemporaryFolder

    /// Whether this user may mount; containers and users other than root mostly may not.
    static let isPossible =
        (try? run(["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]).status) == 0

    /// Mounts it and starts the server.
    ///
    /// - Parameter command: what a shell does before, with the folder that holds the data folder as `$1`.
    init(size: String, before command: String = "true") async throws {
        folder = try TemporaryFolder()
        let script = #"mount -t tmpfs -o size=$2 none "$1" && "# + command + " && echo mounted && exec cat"
        mount.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        mount.arguments = ["unshare", "-m", "sh", "-c", script, "sh", folder.path, size]
        let output = Pipe()
        mount.standardInput = mountInput
        mount.standardOutput = output
        mount.standardError = FileHandle.nullDevice
        try mount.run()
        let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard text == "mounted\n" else { throw RoostProcess.Failure(description: "nothing is mounted: \(text)") }
        try start()
        let token = try roost(
            "token", "create", "--user", "alice", "--scopes", "media.write tweet.read tweet.write users.read")
        api = APIClient(url: api.url, token: token.output)
    }

    /// Starts the server; its address is another one each time.
    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = inside + [Self.program, "serve", "--data", "\(folder.path)/data", "--port", "0"]
        process.environment = ProcessInfo.processInfo.environment.merging(["ROOST_FREE_SPACE_RESERVE_BYTES": "0"]) {
            $1
        }
        let (output, errors) = (Pipe(), folder.path + ".log")
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: errors) }
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        self.process = process
        var text = ""
        while !text.contains("Roost serves ") || !text.hasSuffix("\n") {
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty {
                let log = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
                throw RoostProcess.Failure(description: "no server on the small disk: \(text)\(log)")
            }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let url = text.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        api = APIClient(url: url, token: api.token)
    }

    /// Ends the server as an operator does.
    func stop() throws {
        let process = try #require(process)
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        self.process = nil
    }

    /// Gives the file system another size.
    func grow(to size: String) throws -> Int32 {
        try Self.run(inside + ["mount", "-o", "remount,size=\(size)", folder.path]).status
    }

    /// Takes every byte that is free.
    func fill() throws {
        let script = #"head -c 64M /dev/zero >>"$1/filler" || true"#
        _ = try Self.run(inside + ["sh", "-c", script, "sh", folder.path])
    }

    /// Runs `roost verify`, beside the server if it runs.
    func verify() throws -> Int32 { try roost("verify").status }

    /// Runs a command of the program on the data folder, beside the server if it runs.
    func roost(_ arguments: String...) throws -> (status: Int32, output: String) {
        try Self.run(inside + [Self.program] + arguments + ["--data", "\(folder.path)/data"])
    }

    deinit {
        process?.terminate()
        process?.waitUntilExit()
        try? mountInput.fileHandleForWriting.close()
        mount.waitUntilExit()
    }

    private static var program: String { RoostProcess.programs.appendingPathComponent("roost").path }

    /// Begins a command that is to see the file system.
    private var inside: [String] { ["nsenter", "-m", "-t", "\(mount.processIdentifier)"] }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
