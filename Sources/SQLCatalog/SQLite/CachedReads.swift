import CSQLiteReads
import Synchronization

/// Runs reads at once, on the caller's thread, as long as all they need is in memory.
///
/// A read of some rows takes some microseconds; waking a thread for it, and the caller's afterwards, takes several times that.
/// Callers may be event loops, which nothing may block. So these connections read files only as far as the page cache
/// holds them, wait for no lock, and stop after a bounded number of steps. Whatever fails here is nobody's error: the
/// read runs again as a whole in ``GroupRead``, which may wait.
final class CachedReads: Sendable {
    /// The most connections; a reader that finds none free waits its turn elsewhere.
    static let mostConnections = 8

    private struct State {
        var idle: [CachedConnection] = []
        var answered = 0
    }

    private let state: Mutex<State>

    /// How many reads were answered at once.
    var answered: Int { state.withLock { $0.answered } }

    /// Opens connections to the file at a path, which exists; may block.
    ///
    /// - Parameter count: how many threads are expected to read at the same time.
    /// - Returns: nil where SQLite or the system cannot read without waiting.
    init?(path: String, count: Int) {
        guard Self.isPossible else { return nil }
        let idle = (0..<min(count, Self.mostConnections)).compactMap { _ in CachedConnection(path: path) }
        state = Mutex(State(idle: idle))
    }

    /// The body's result; nil when it could not be had at once.
    func run<Result: Sendable>(_ body: (any SQLSession) throws(SQLFailure) -> Result) -> Result? {
        guard let connection = state.withLock({ $0.idle.popLast() }) else { return nil }
        let result = connection.read(body)
        state.withLock { state in
            if result != nil { state.answered += 1 }
            // One that cannot leave its snapshot would hold back the checkpoint of the write-ahead log for ever.
            if connection.isUsable { state.idle.append(connection) }
        }
        return result
    }

    /// Prepared before the first connection of the process is opened.
    static let isPossible = roost_guard_sqlite_reads() == 1
}
