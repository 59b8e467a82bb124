import Synchronization

/// The images that wait, and the lanes that wait for images.
///
/// First come, first served; bounded.
final class ImagingQueue: Sendable {
    private struct State {
        var isOpen = true
        var jobs: [(id: UInt64, job: ImagingJob)] = []
        var lanes: [(id: UInt64, continuation: CheckedContinuation<ImagingJob?, Never>)] = []
        /// Waiters whose cancellation came before they waited.
        var cancelled: Set<UInt64> = []
        var lastID: UInt64 = 0

        mutating func makeID() -> UInt64 {
            lastID += 1
            return lastID
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Creates a queue in which at most `limit` images wait.
    init(limit: Int) {
        self.limit = limit
    }

    /// Refuses further images and fails the waiting ones with `.stopped`.
    func close() {
        let jobs = state.withLock { state in
            state.isOpen = false
            defer { state.jobs = [] }
            return state.jobs
        }
        for (_, job) in jobs {
            job.finish(.failure(.stopped))
        }
    }

    /// A name for a caller or lane before it waits.
    func makeID() -> UInt64 {
        state.withLock { $0.makeID() }
    }

    /// Hands the job to a free lane or lets it wait.
    ///
    /// A refused job is answered at once.
    func add(_ job: ImagingJob, id: UInt64) {
        enum Step {
            case wait
            case refuse(ImagingError)
            case hand(CheckedContinuation<ImagingJob?, Never>)
        }
        let step: Step = state.withLock { state in
            if state.cancelled.remove(id) != nil { return .refuse(.cancelled) }
            guard state.isOpen else { return .refuse(.stopped) }
            if !state.lanes.isEmpty { return .hand(state.lanes.removeLast().continuation) }
            guard state.jobs.count < limit else { return .refuse(.busy) }
            state.jobs.append((id, job))
            return .wait
        }
        switch step {
        case .wait: break
        case .refuse(let error): job.finish(.failure(error))
        case .hand(let lane): lane.resume(returning: job)
        }
    }

    /// Takes back a job that waits; one in work is left alone.
    func withdraw(_ id: UInt64) {
        let job: ImagingJob? = state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else {
                // Not waiting yet, or no longer; `forget` clears the mark.
                state.cancelled.insert(id)
                return nil
            }
            return state.jobs.remove(at: index).job
        }
        job?.finish(.failure(.cancelled))
    }

    /// Clears what a late ``withdraw(_:)`` may have left.
    func forget(_ id: UInt64) {
        state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// Waits for an image; nil when the lane's task is cancelled.
    ///
    /// The lane that waited last is served first, so that
    /// in quiet times one warm helper does the work and the others stay unstarted.
    func next() async -> ImagingJob? {
        let id = makeID()
        let job = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<ImagingJob?, Never>) in
                let (isDue, job): (Bool, ImagingJob?) = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return (true, nil) }
                    if !state.jobs.isEmpty { return (true, state.jobs.removeFirst().job) }
                    state.lanes.append((id, continuation))
                    return (false, nil)
                }
                if isDue { continuation.resume(returning: job) }
            }
        } onCancel: {
            let continuation: CheckedContinuation<ImagingJob?, Never>? = state.withLock { state in
                guard let index = state.lanes.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.lanes.remove(at: index).continuation
            }
            continuation?.resume(returning: nil)
        }
        forget(id)
        return job
    }
}
