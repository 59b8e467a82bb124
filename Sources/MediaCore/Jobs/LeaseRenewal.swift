import Logging

/// The lease of a job was lost: somebody else has the job, or the media is being erased.
struct LeaseLost: Error {}

/// Renews a lease while work is done.
struct LeaseRenewal {
    let runner: JobRunner
    let job: Job
    let progress: JobProgress

    /// Runs `body` and renews the lease each second.
    ///
    /// - Parameter discard: what becomes of a result that came too late.
    /// - Throws: ``LeaseLost`` when the lease was lost, after `body` was cancelled and has returned; otherwise what
    ///   `body` throws.
    func during<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result, discard: (Result) async -> Void
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await renewUntilLost()
                throw LeaseLost()
            }
            do {
                guard let result = try await group.next() else { throw CancellationError() }
                group.cancelAll()
                return result
            } catch {
                group.cancelAll()
                // The other one: nothing more when it was the body that threw.
                if let late = try? await group.next() { await discard(late) }
                throw error
            }
        }
    }

    /// Returns when the lease was lost; while the catalog is out of reach, not before it has run out.
    private func renewUntilLost() async throws {
        var end = runner.clock.now + JobRunner.leaseDuration
        while true {
            try await runner.clock.sleep(for: JobRunner.renewal)
            let now = runner.clock.now
            let (percent, remaining) = progress.latest
            do {
                let isHeld = try await runner.catalog.renew(
                    job, progress: percent, expectedEnd: remaining.map { now + $0 },
                    until: now + JobRunner.leaseDuration)
                if !isHeld { return }
                end = now + JobRunner.leaseDuration
            } catch {
                runner.logger.warning("a lease could not be renewed", metadata: ["error": "\(error)"])
                if now >= end { return }
            }
        }
    }
}
