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
    /// - Throws: ``LeaseLost`` when the lease was lost, after `body` was cancelled and has returned; otherwise what
    ///   `body` throws.
    func during<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask {
                try await renewUntilLost()
                throw LeaseLost()
            }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
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
