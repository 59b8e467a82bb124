import Synchronization

/// Lets some do something at the same time, others wait in order, and turns away the rest.
final class Turns: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let mostWaiting: Int

    /// - Parameters:
    ///   - atOnce: how many at the same time.
    ///   - waiting: how many more may wait.
    init(atOnce: Int, waiting: Int) {
        state = Mutex(State(free: atOnce))
        mostWaiting = waiting
    }

    /// Waits for a turn, which ``giveBack()`` ends; false at once when too many wait.
    func take() async -> Bool {
        let isRefused = state.withLock { $0.free == 0 && $0.waiting.count >= mostWaiting }
        if isRefused { return false }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        return true
    }

    /// The next may go on.
    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
