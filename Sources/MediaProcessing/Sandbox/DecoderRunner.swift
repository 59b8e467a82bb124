import MediaCore
import NIOPosix
import Subprocess
import SystemPackage

/// What a run of a decoder left.
struct DecoderResult: Sendable {
    /// How it ended.
    var exit: DecoderExit
    /// Standard output, when it was collected.
    var output: [UInt8]
    /// The first and last 8 KiB of standard error, for the log.
    ///
    /// Written by a decoder of hostile bytes: never shown to a client.
    var complaint: String
}

/// Runs decoders in the sandbox, within their limits.
struct DecoderRunner: Sendable {
    let sandbox: Sandbox
    /// Where the output folder is looked at.
    var threadPool: NIOThreadPool = .singleton

    /// The most of standard output that is collected.
    private static let collectLimit = 4 << 20

    /// Runs a program and collects its standard output.
    ///
    /// - Throws: as ``run(_:onLine:)``; also `decoderFailed` when the output exceeds 4 MiB.
    func run(_ command: DecoderCommand) async throws(ProcessingError) -> DecoderResult {
        try await watch(command, .collect)
    }

    /// Runs a program and hands out each line of its standard output, one at a time.
    ///
    /// - Throws: `decoderFailed` when it was killed or hit a limit, `unavailable` when it could not be started,
    ///   `cancelled`. A program that ends itself with a failure is no error here.
    func run(
        _ command: DecoderCommand, onLine: @escaping @Sendable (String) -> Void
    ) async throws(ProcessingError) -> DecoderResult {
        try await watch(command, .lines(onLine))
    }

    /// What becomes of standard output.
    private enum Reader: Sendable {
        case collect
        case lines(@Sendable (String) -> Void)
    }

    /// What ends first.
    private enum Ending: Sendable {
        case finished(DecoderResult)
        case tookTooLong
        case wroteTooMuch
    }

    private func watch(_ command: DecoderCommand, _ reader: Reader) async throws(ProcessingError) -> DecoderResult {
        let result = try await bounded(command, reader)
        switch result.exit {
        case .succeeded, .rejected: return result
        case .killed(let signal):
            throw .decoderFailed("The decoder \(DecoderExit.meaning(ofSignal: signal)).")
        case .notStarted:
            // Any program can end with these statuses, one that a file has taken over too, and such a file must not be
            // tried for ever. So the word is taken only of a decoder that does not start without the file either.
            guard try await startsAlone(command) else {
                throw .unavailable("\(command.program) was not started: \(result.complaint)")
            }
            throw .decoderFailed("The decoder gave up.")
        }
    }

    /// Whether the program runs to its end when it is asked for nothing but its version.
    private func startsAlone(_ command: DecoderCommand) async throws(ProcessingError) -> Bool {
        let alone = DecoderCommand(
            program: command.program, arguments: ["-version"], input: nil, output: nil, limits: .probe)
        do {
            return try await bounded(alone, .collect).exit == .succeeded
        } catch .cancelled {
            throw .cancelled
        } catch {
            return false
        }
    }

    /// Runs a program until it ends or exceeds what only we measure: time and the bytes of all its outputs.
    private func bounded(_ command: DecoderCommand, _ reader: Reader) async throws(ProcessingError) -> DecoderResult {
        let ending: Ending
        do {
            ending = try await withThrowingTaskGroup(of: Ending.self) { group in
                group.addTask { .finished(try await self.execute(command, reader)) }
                group.addTask {
                    try await ContinuousClock().sleep(for: command.limits.wallClock)
                    return .tookTooLong
                }
                if let folder = command.output {
                    group.addTask { try await self.waitForOverflow(of: folder, limit: command.limits.outputBytes) }
                }
                defer { group.cancelAll() }
                // The group waits for all its children: when this returns, the decoder is dead.
                guard let first = try await group.next() else { throw CancellationError() }
                return first
            }
        } catch let error as ProcessingError {
            throw error
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .unavailable("cannot run \(command.program): \(error)")
        }
        switch ending {
        case .finished(let result):
            if Task.isCancelled { throw .cancelled }
            return result
        case .tookTooLong:
            throw .decoderFailed("Processing took longer than \(command.limits.wallClock.components.seconds) seconds.")
        case .wroteTooMuch:
            throw .decoderFailed("Processing wrote more than \(command.limits.outputBytes) bytes.")
        }
    }

    private func execute(_ command: DecoderCommand, _ reader: Reader) async throws -> DecoderResult {
        let line = sandbox.commandLine(command)
        var options = PlatformOptions()
        // A group of its own, killed as one; a signal from the server's terminal does not reach it.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
        ]
        let configuration = Configuration(
            executable: .path(FilePath(line[0])), arguments: Arguments(Array(line.dropFirst())),
            environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C"]), workingDirectory: "/",
            platformOptions: options)
        // Everything but one pipe is made here, see ``ComplaintPipe``.
        let complaints = try ComplaintPipe(limit: 8 << 10)
        let nothing = try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
        defer { try? nothing.close() }
        async let complaint = complaints.text()
        // Also when it throws: the text is awaited when the scope is left.
        defer { complaints.finish() }
        let result = try await Subprocess.run(
            configuration, input: .fileDescriptor(nothing, closeAfterSpawningProcess: false), output: .sequence,
            error: .fileDescriptor(complaints.writing, closeAfterSpawningProcess: false)
        ) { execution in try await Self.read(execution.standardOutput, reader) }
        complaints.finish()
        let text = await complaint
        return DecoderResult(
            exit: DecoderExit(result.terminationStatus, complaint: text), output: result.closureResult, complaint: text)
    }

    private static func read(_ sequence: SubprocessOutputSequence, _ reader: Reader) async throws -> [UInt8] {
        var collected: [UInt8] = []
        var splitter = LineSplitter()
        for try await buffer in sequence {
            let bytes = buffer.withUnsafeBytes { Array($0) }
            switch reader {
            case .collect:
                guard collected.count + bytes.count <= collectLimit else {
                    throw ProcessingError.decoderFailed("The decoder said more about the file than can be true.")
                }
                collected += bytes
            case .lines(let onLine): splitter.append(bytes, onLine)
            }
        }
        return collected
    }

    /// Returns when the folder holds more than the limit; the resource limit bounds single files only.
    private func waitForOverflow(of folder: String, limit: Int64) async throws -> Ending {
        while true {
            try await ContinuousClock().sleep(for: .milliseconds(250))
            if try await threadPool.runIfActive({ FolderSize.measure(folder) }) > limit { return .wroteTooMuch }
        }
    }
}
