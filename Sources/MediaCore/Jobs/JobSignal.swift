import Synchronization

/// Wakes whoever waits for something to do; a signal given while nobody waits is kept.
package final class JobSignal: Sendable {
    private struct Waiter {
        /// nil for whoever does everything.
        let kinds: [JobKind]?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var isPending = false
        /// Signals for a job of a kind that nobody who takes it has waited for yet.
        var pendingJobs: [JobKind: Int] = [:]
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
        var cancelled: Set<Int> = []

        /// Whether there was a signal for somebody who takes these kinds; it is used up.
        mutating func consume(_ kinds: [JobKind]?) -> Bool {
            if isPending {
                isPending = false
                return true
            }
            let waited = pendingJobs.keys.first { kinds?.contains($0) ?? true }
            guard let kind = waited, let count = pendingJobs[kind] else { return false }
            pendingJobs[kind] = count > 1 ? count - 1 : nil
            return true
        }

        /// Who is to do a job of a kind: whoever can do the least else, so that the others stay free.
        mutating func removeWaiter(for kind: JobKind) -> Waiter? {
            let able = waiters.filter { $0.value.kinds?.contains(kind) ?? true }
            let key = able.min { left, right in
                let (one, other) = (left.value.kinds?.count ?? .max, right.value.kinds?.count ?? .max)
                return one != other ? one < other : left.key > right.key
            }?.key
            return key.flatMap { waiters.removeValue(forKey: $0) }
        }
    }

    /// The most signals for a kind that are kept, more than there are slots: whoever works looks for the next job before it
    /// waits, so that only those who are just about to wait need one.
    private static let mostPending = 8

    private let state = Mutex(State())

    /// How many wait now.
    var waiting: Int { state.withLock { $0.waiters.count } }

    package init() {}

    /// Wakes all waiters, or the next one that comes.
    package func notify() {
        let waiters = state.withLock { state in
            defer { state.waiters.removeAll() }
            if state.waiters.isEmpty { state.isPending = true }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Wakes one who does jobs of this kind, for one job; or the next one who comes.
    package func notify(_ kind: JobKind) {
        let waiter = state.withLock { state in
            if let waiter = state.removeWaiter(for: kind) { return Optional(waiter) }
            state.pendingJobs[kind] = min(state.pendingJobs[kind, default: 0] + 1, Self.mostPending)
            return nil
        }
        waiter?.continuation.resume()
    }

    /// Returns at the next signal or when the task is cancelled.
    ///
    /// - Parameter kinds: the jobs that are done by the caller; nil for everything.
    package func wait(for kinds: [JobKind]? = nil) async {
        let key = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.cancelled.remove(key) != nil || state.consume(kinds) { return true }
                    state.waiters[key] = Waiter(kinds: kinds, continuation: continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: key) { return Optional(waiter) }
                state.cancelled.insert(key)
                return nil
            }
            waiter?.continuation.resume()
        }
        // The handler may have run after the signal had already resumed us.
        _ = state.withLock { $0.cancelled.remove(key) }
    }

    /// Returns at the next signal, after the duration, or when the task is cancelled, whichever is first.
    package func wait(atMost duration: Duration, clock: any WallClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await clock.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }
}
