import Synchronization

/// Wakes whoever waits for something to do; a signal given while nobody waits is kept, one is enough.
package final class JobSignal: Sendable {
    private struct State {
        var isPending = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes all waiters, or the next one that comes.
    package func notify() {
        let waiters = state.withLock { state in
            defer { state.waiters.removeAll() }
            if state.waiters.isEmpty { state.isPending = true }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns at the next signal or when the task is cancelled.
    package func wait() async {
        let key = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.cancelled.remove(key) != nil { return true }
                    if state.isPending {
                        state.isPending = false
                        return true
                    }
                    state.waiters[key] = continuation
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
            waiter?.resume()
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
