import GRDB
import MediaCore
import Synchronization

/// Commits the writes that wait at the same time together: one transaction, a savepoint for each, one sync of the disk.
///
/// While a group is being synced the next one gathers, so a lone write waits for nobody and many share the wait.
/// A write that throws loses its savepoint only. A commit that fails fails every write of its group, also one that changed
/// nothing: what it read may have been written by another of the group.
final class GroupCommit: Sendable {
    /// The most writes that wait; those beyond are refused.
    static let mostWaiting = 4096
    /// The most writes of one transaction, which bounds how long it takes.
    static let mostTogether = 256

    /// One write: what to do in its savepoint, and its caller.
    private struct Write: Sendable {
        /// Runs the body; the answer waits for the commit.
        let attempt: @Sendable (SQLiteSession) -> Attempt
        /// Answers the caller without having run the body.
        let refuse: @Sendable (SQLFailure) -> Void
    }

    /// A write whose body has run.
    private struct Attempt {
        /// Why the body threw; nil when it returned.
        let failure: SQLFailure?
        /// Answers the caller, with the result or with the failure of the commit.
        let answer: (_ commitFailure: SQLFailure?) -> Void
    }

    private struct State {
        var waiting: [Write] = []
        var isRunning = false
    }

    private let database: any DatabaseWriter
    private let state = Mutex(State())

    /// Makes the group commit of a database; nothing else may write to its connection.
    init(database: any DatabaseWriter) { self.database = database }

    /// How many writes wait now, those being committed not counted.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs the body in a savepoint and returns its result when it is committed.
    ///
    /// - Throws: what the body throws; ``StoreError/unavailable(_:)`` when too many wait; why the commit failed.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        let result: Swift.Result<Result, SQLFailure> = await withCheckedContinuation { continuation in
            enqueue(
                Write(
                    attempt: { session in
                        let result = Swift.Result { () throws(SQLFailure) in try body(session) }
                        return Attempt(failure: result.failure) { commitFailure in
                            continuation.resume(returning: commitFailure.map { .failure($0) } ?? result)
                        }
                    },
                    refuse: { continuation.resume(returning: .failure($0)) }))
        }
        return try result.get()
    }

    private func enqueue(_ write: Write) {
        enum Next { case start, wait, refuse }
        let next: Next = state.withLock { state in
            guard state.waiting.count < Self.mostWaiting else { return .refuse }
            state.waiting.append(write)
            if state.isRunning { return .wait }
            state.isRunning = true
            return .start
        }
        switch next {
        case .start: schedule()
        case .wait: break
        case .refuse: write.refuse(.store(.unavailable("busy: \(Self.mostWaiting) writes wait")))
        }
    }

    /// Each group is a block of its own on the connection's queue, so that reads of a database in memory get their turn.
    private func schedule() {
        database.asyncWriteWithoutTransaction { [self] connection in
            let group = state.withLock { state in
                let group = Array(state.waiting.prefix(Self.mostTogether))
                state.waiting.removeFirst(group.count)
                return group
            }
            Self.commit(group, on: connection)
            let goesOn = state.withLock { state in
                state.isRunning = !state.waiting.isEmpty
                return state.isRunning
            }
            if goesOn { schedule() }
        }
    }

    private static func commit(_ group: [Write], on connection: Database) {
        let session = SQLiteSession(connection: connection)
        do throws(SQLFailure) {
            try session.execute("BEGIN IMMEDIATE")
        } catch {
            for write in group { write.refuse(error) }
            return
        }
        var attempts: [Attempt] = []
        var failure: SQLFailure?
        do throws(SQLFailure) {
            for write in group {
                try session.execute("SAVEPOINT method")
                let attempt = write.attempt(session)
                attempts.append(attempt)
                if let failure = attempt.failure {
                    // Some errors (a full disk, an I/O error) may roll the whole transaction back, see "Response To
                    // Errors Within A Transaction" in https://www.sqlite.org/lang_transaction.html.
                    guard connection.isInsideTransaction else { throw failure }
                    try session.execute("ROLLBACK TO method")
                }
                try session.execute("RELEASE method")
            }
            try session.execute("COMMIT")
        } catch {
            failure = error
            if connection.isInsideTransaction { rollback(session) }
        }
        for attempt in attempts { attempt.answer(failure) }
        if let failure {
            for write in group.dropFirst(attempts.count) { write.refuse(failure) }
        }
    }

    /// Leaves the transaction; if even that fails, the next `BEGIN` fails and says so to its callers.
    private static func rollback(_ session: SQLiteSession) {
        do throws(SQLFailure) {
            try session.execute("ROLLBACK")
        } catch {}
    }
}

extension Result {
    /// The failure; nil for a success.
    fileprivate var failure: Failure? {
        switch self {
        case .success: nil
        case .failure(let failure): failure
        }
    }
}
