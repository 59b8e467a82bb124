import Logging
import NIOPosix
import Subprocess
import SystemPackage

extension ImagingPool {
    /// One lane: a helper after the other.
    func runLane(_ lane: Int) async {
        var isWarm = false
        var pending: ImagingJob?
        while !Task.isCancelled {
            if pending == nil, !isWarm {
                // Nothing was asked of this lane yet, or its last helper did not start: no use in trying unasked.
                pending = await queue.next()
                if pending == nil { break }
            }
            let end = await runHelper(lane: lane, first: pending)
            isWarm = end.wasReady
            pending = end.refused
        }
        pending?.finish(.failure(.stopped))
    }

    /// What a helper leaves to its lane.
    private struct End {
        /// Whether it started well.
        var wasReady = false
        /// A job it never received.
        var refused: ImagingJob?
    }

    /// Why a helper's life ended, as its lane saw it.
    private enum Cause {
        /// It was let go.
        case retired
        /// It answered that its image failed, or said something else than it should.
        case failed
        /// It hung.
        case timedOut
        /// Its socket closed.
        case gone
        /// It died while idle.
        case refused
    }

    /// Runs one helper until it is due to be replaced, and answers all jobs it took.
    private func runHelper(lane: Int, first: ImagingJob?) async -> End {
        var end = End()
        // The job that has no answer yet.
        var current = first
        var cause = Cause.gone
        var status: HelperEnd?
        var reason = ""
        do {
            let (channel, helperEnd) = try HelperChannel.pair()
            defer { channel.close() }
            var unusedEnd: FileDescriptor? = helperEnd
            defer { try? unusedEnd?.close() }
            let nothing = try FileDescriptor.open("/dev/null", .writeOnly, options: .closeOnExec)
            defer { try? nothing.close() }
            // No more than one pipe is left to the library to make, see ``ComplaintPipe``.
            let result = try await Subprocess.run(
                .path(FilePath(configuration.command[0])),
                arguments: Arguments(Array(configuration.command.dropFirst())),
                // Nothing of the server's environment: it may hold secrets.
                environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"]),
                input: .fileDescriptor(helperEnd, closeAfterSpawningProcess: false),
                output: .fileDescriptor(nothing, closeAfterSpawningProcess: false),
                error: .string(limit: 4096)
            ) { execution in
                // The helper has it; as long as we do too, its death would not close the channel.
                try? unusedEnd?.close()
                unusedEnd = nil
                if let pid = await waitUntilReady(channel) {
                    end.wasReady = true
                    cause = await serve(&current, through: channel, pid: pid)
                }
                if cause == .retired {
                    channel.shutDown()
                } else {
                    try? execution.send(signal: .kill)
                }
            }
            status = HelperEnd(result.terminationStatus)
            reason = result.standardError
        } catch {
            reason = "\(error)"
        }
        log(cause, status: status, reason: reason, wasReady: end.wasReady, lane: lane)
        guard var job = current else { return end }
        if Task.isCancelled {
            job.finish(.failure(.stopped))
        } else if cause == .timedOut {
            job.finish(.failure(.timedOut))
        } else if !end.wasReady {
            job.finish(.failure(.helperUnavailable(reason)))
        } else if cause == .refused, !job.wasRefused {
            job.wasRefused = true
            end.refused = job
        } else {
            job.finish(.failure(.helperDied(status ?? .exited(status: 0))))
        }
        return end
    }

    /// The helper's pid once it is warm and locked; nil when it did not get there.
    private func waitUntilReady(_ channel: HelperChannel) async -> Int32? {
        let deadline = configuration.startDeadline
        let packet = await onThread(channel) { try channel.receive(within: deadline) }
        guard case .success(let packet?) = packet, packet.text == "ready 1\n" else { return nil }
        return packet.sender
    }

    /// Serves images until the helper must go.
    ///
    /// `current` is the image in work, if any.
    private func serve(_ current: inout ImagingJob?, through channel: HelperChannel, pid: Int32) async -> Cause {
        let deadline = configuration.deadline
        for _ in 0..<configuration.imagesPerHelper {
            if current == nil { current = await queue.next() }
            guard let job = current else { return .retired }
            let exchange = HelperExchange(job: job, channel: channel, pid: pid, deadline: deadline)
            let outcome: HelperExchange.Outcome
            switch await onThread(channel, { exchange.perform() }) {
            case .success(let performed): outcome = performed
            case .failure: return .gone
            }
            switch outcome {
            case .answered(let result, let residentBytes):
                current = nil
                job.finish(result)
                if case .failure = result { return .failed }
                if residentBytes > configuration.residentBytes { return .retired }
            case .notSent(let error):
                // The helper has not seen it.
                current = nil
                job.finish(.failure(error))
            case .refused: return .refused
            case .timedOut: return .timedOut
            case .gone: return .gone
            }
        }
        return .retired
    }

    /// Runs blocking work on the pool's threads.
    ///
    /// Cancelling shuts the channel down, which ends the wait.
    private func onThread<Value: Sendable>(
        _ channel: HelperChannel, _ work: @escaping @Sendable () throws -> Value
    ) async -> Result<Value, any Error> {
        await withTaskCancellationHandler {
            do {
                return .success(try await threads.runIfActive(work))
            } catch {
                return .failure(error)
            }
        } onCancel: {
            channel.shutDown()
        }
    }

    private func log(_ cause: Cause, status: HelperEnd?, reason: String, wasReady: Bool, lane: Int) {
        let metadata: Logger.Metadata = [
            "lane": "\(lane)",
            "cause": "\(cause)",
            "status": "\(status.map { "\($0)" } ?? "none")",
            "reason": "\(reason)",
        ]
        if Task.isCancelled || cause == .retired {
            logger.debug("Image helper ended", metadata: metadata)
        } else if wasReady {
            logger.notice("Image helper replaced", metadata: metadata)
        } else {
            logger.error("Image helper did not start", metadata: metadata)
        }
    }
}

extension HelperEnd {
    /// Bubblewrap exits with 128 + n when what it ran was killed by signal n, of which there are 64.
    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code):
            self = (129...192).contains(code) ? .signaled(Int(code) - 128) : .exited(status: Int(code))
        case .signaled(let signal): self = .signaled(Int(signal))
        }
    }
}
