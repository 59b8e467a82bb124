import Synchronization
package import XMedia

/// Tells those who wait for a medium's outcome that a job of it ended in this process.
package final class OutcomeBoard: Sendable {
    private struct State {
        var nextWatcher = 0
        var signals: [MediaID: [Int: JobSignal]] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Signals to everybody who waits for this medium.
    package func announce(_ id: MediaID) {
        let signals = state.withLock { $0.signals[id].map { Array($0.values) } ?? [] }
        for signal in signals { signal.notify() }
    }

    /// Runs `body` with a signal of its own that is given when a job of the medium ends.
    ///
    /// The signal is registered before `body` reads the catalog, and keeps what comes while nobody waits at it, so no
    /// ending is missed.
    package func watching<Result>(
        _ id: MediaID, _ body: (JobSignal) async throws -> Result
    ) async rethrows -> Result {
        let signal = JobSignal()
        let watcher = state.withLock { state in
            state.nextWatcher += 1
            state.signals[id, default: [:]][state.nextWatcher] = signal
            return state.nextWatcher
        }
        defer {
            state.withLock { state in
                state.signals[id]?[watcher] = nil
                if state.signals[id]?.isEmpty == true { state.signals[id] = nil }
            }
        }
        return try await body(signal)
    }
}
