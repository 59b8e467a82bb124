import Synchronization

/// The newest progress of a run, written by the processor and read by the renewal of the lease.
final class JobProgress: Sendable {
    private let state = Mutex<(percent: Int, remaining: Duration?)>((0, nil))

    /// Takes a report; a lower percentage than before is raised to it, 100 is kept for the end.
    func report(_ percent: Int, _ remaining: Duration?) {
        state.withLock { state in
            state = (max(state.percent, min(99, max(0, percent))), remaining)
        }
    }

    /// The newest report.
    var latest: (percent: Int, remaining: Duration?) { state.withLock { $0 } }
}
