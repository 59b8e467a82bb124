import GRDB
import GRDBSQLite
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
        /// Whether the commit is on the disk when the caller is answered.
        let isSynchronized: Bool
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
        /// Whether the connection synchronizes its commits now.
        var isSynchronized = true
    }

    private let database: any DatabaseWriter
    private let durability: Durability
    private let state = Mutex(State())

    /// Makes the group commit of a database; nothing else may write to its connection.
    ///
    /// - Parameter durability: with `full`, the connection's `synchronous` is `FULL` when this is made.
    init(database: any DatabaseWriter, durability: Durability) {
        self.database = database
        self.durability = durability
    }

    /// How many writes wait now, those being committed not counted.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Runs the body in a savepoint and returns its result when it is committed.
    ///
    /// - Parameter isSynchronized: false when a power cut may undo it. It is never undone without all that came after it:
    ///   the next synchronized commit writes the whole log to the disk.
    /// - Throws: what the body throws; ``StoreError/unavailable(_:)`` when too many wait; why the commit failed.
    func run<Result: Sendable>(
        isSynchronized: Bool = true, _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        let result: Swift.Result<Result, SQLFailure> = await withCheckedContinuation { continuation in
            enqueue(
                Write(
                    isSynchronized: isSynchronized,
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
            commit(group, on: connection)
            let goesOn = state.withLock { state in
                state.isRunning = !state.waiting.isEmpty
                return state.isRunning
            }
            if goesOn { schedule() }
        }
    }

    private func commit(_ group: [Write], on connection: Database) {
        let session = SQLiteSession(connection: connection)
        do throws(SQLFailure) {
            if durability == .full { try synchronize(group.contains(where: \.isSynchronized), on: connection) }
            try session.execute("BEGIN IMMEDIATE")
        } catch {
            for write in group { write.refuse(error) }
            return
        }
        var attempts: [Attempt] = []
        var failure: SQLFailure?
        do throws(SQLFailure) {
            for write in group {
                // The only write of a transaction needs no savepoint: what is undone is all there is.
                if group.count > 1 { try session.execute("SAVEPOINT method") }
                let attempt = write.attempt(session)
                attempts.append(attempt)
                if let failure = attempt.failure {
                    // Some errors (a full disk, an I/O error) may roll the whole transaction back, see "Response To
                    // Errors Within A Transaction" in https://www.sqlite.org/lang_transaction.html.
                    guard group.count > 1, connection.isInsideTransaction else { throw failure }
                    try session.execute("ROLLBACK TO method")
                }
                if group.count > 1 { try session.execute("RELEASE method") }
            }
            try session.execute("COMMIT")
        } catch {
            failure = error
            if connection.isInsideTransaction { Self.rollback(session) }
        }
        for attempt in attempts { attempt.answer(failure) }
        if let failure {
            for write in group.dropFirst(attempts.count) { write.refuse(failure) }
        }
    }

    /// Lets the next commit be synchronized, or not ("commits might lose durability" with NORMAL,
    /// https://www.sqlite.org/pragma.html#pragma_synchronous; the file is as safe from corruption as with FULL).
    private func synchronize(_ isSynchronized: Bool, on connection: Database) throws(SQLFailure) {
        guard state.withLock({ $0.isSynchronized }) != isSynchronized else { return }
        let code = sqlite3_exec(
            connection.sqliteConnection, "PRAGMA synchronous = \(isSynchronized ? "FULL" : "NORMAL")", nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLFailure(DatabaseError(resultCode: ResultCode(rawValue: code))) }
        state.withLock { $0.isSynchronized = isSynchronized }
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
