import Dispatch
import GRDB
import MediaCore
import Synchronization

/// Runs the reads that wait at the same time together: on one connection, in one snapshot, for one wake-up of its thread.
///
/// A snapshot is taken after its reads were asked for, so each sees everything that was committed before. Two readers work
/// at once, so that a long read does not hold up all others.
final class GroupRead: Sendable {
    /// The most reads that wait; those beyond are refused.
    static let mostWaiting = 4096
    /// The most reads of one snapshot, which bounds how long it holds back the checkpoint of the write-ahead log.
    static let mostTogether = 64
    /// The most connections that read at once.
    static let mostReaders = 2

    /// One read; it answers its caller itself.
    private typealias Read = @Sendable (Swift.Result<SQLiteSession, SQLFailure>) -> Void

    private struct State {
        var waiting: [Read] = []
        var readers = 0
    }

    private let database: any DatabaseReader
    private let queue = DispatchQueue(label: "roost.catalog.reads", attributes: .concurrent)
    private let state = Mutex(State())

    /// Makes the group read of a database.
    init(database: any DatabaseReader) { self.database = database }

    /// Runs the body in a snapshot.
    ///
    /// - Throws: what the body throws; ``StoreError/unavailable(_:)`` when too many wait; why there is no connection.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        let result: Swift.Result<Result, SQLFailure> = await withCheckedContinuation { continuation in
            enqueue { session in
                continuation.resume(
                    returning: .init { () throws(SQLFailure) in try body(try session.get()) })
            }
        }
        return try result.get()
    }

    private func enqueue(_ read: @escaping Read) {
        enum Next { case start, wait, refuse }
        let next: Next = state.withLock { state in
            guard state.waiting.count < Self.mostWaiting else { return .refuse }
            state.waiting.append(read)
            guard state.readers < Self.mostReaders else { return .wait }
            state.readers += 1
            return .start
        }
        switch next {
        case .start: schedule()
        case .wait: break
        case .refuse: read(.failure(.store(.unavailable("busy: \(Self.mostWaiting) reads wait"))))
        }
    }

    /// Each group is a snapshot of its own, so that reads see what was committed before they were asked for.
    private func schedule() {
        // Not GRDB's `async read`: a cancelled task would interrupt the statement of a request that shares nothing with
        // it but the connection's reuse. Nor its `asyncRead`, which wakes two threads one after the other.
        queue.async { [self] in
            var hasConnection = false
            do throws(SQLFailure) {
                try SQLFailure.mapping {
                    try database.read { connection in
                        hasConnection = true
                        for read in next() { read(.success(SQLiteSession(connection: connection))) }
                    }
                }
            } catch {
                // With a connection all of the group were answered: that it could not leave the snapshot, as after an I/O
                // error, says nothing to those who came meanwhile.
                if !hasConnection { for read in next() { read(.failure(error)) } }
            }
            let goesOn = state.withLock { state in
                if state.waiting.isEmpty { state.readers -= 1 }
                return !state.waiting.isEmpty
            }
            if goesOn { schedule() }
        }
    }

    /// The next group; it waits no more.
    private func next() -> [Read] {
        state.withLock { state in
            let group = Array(state.waiting.prefix(Self.mostTogether))
            state.waiting.removeFirst(group.count)
            return group
        }
    }
}
