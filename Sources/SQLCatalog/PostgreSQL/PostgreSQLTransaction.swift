import MediaCore

/// A transaction that did not return.
struct PostgreSQLAttempt: Error {
    /// Why.
    let failure: SQLFailure
    /// Whether the connection was lost and it is certain that nothing was committed.
    let mayRunAgain: Bool
}

/// What became of a transaction.
enum PostgreSQLOutcome {
    /// It is there.
    case committed
    /// Nothing of it is there.
    case undone
    /// The server could not be asked.
    case unknown
}

extension PostgreSQLConnection {
    /// Runs the body on one state of the rows, which other transactions do not change.
    func reading<Result>(
        _ body: (any SQLSession) throws(SQLFailure) -> Result
    ) throws(PostgreSQLAttempt) -> Result {
        try attempt { () throws(SQLFailure) in
            try begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            let result = try body(PostgreSQLSession(connection: self))
            try commit()
            return result
        }
    }

    /// Runs the body in a transaction and commits it.
    ///
    /// `READ COMMITTED`: each statement sees what was committed before it began, so what a method read is true when it
    /// has locked the row first. There are no serialization failures, and no reader waits for a writer.
    ///
    /// - Parameter outcome: finds what became of a transaction by its id, when the answer to the commit was lost.
    func writing<Result>(
        _ body: (any SQLSession) throws(SQLFailure) -> Result, outcome: (String) -> PostgreSQLOutcome
    ) throws(PostgreSQLAttempt) -> Result {
        let (id, result) = try attempt { () throws(SQLFailure) in
            let rows = try begin("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_current_xact_id()")
            guard var row = rows.first else { throw .corrupt("pg_current_xact_id answered no row") }
            return (try row.text(), try body(PostgreSQLSession(connection: self)))
        }
        do throws(SQLFailure) {
            try commit()
        } catch {
            guard isBroken else {
                rollback()
                throw PostgreSQLAttempt(failure: error, mayRunAgain: false)
            }
            switch outcome(id) {
            case .committed: break
            case .undone: throw PostgreSQLAttempt(failure: error, mayRunAgain: true)
            case .unknown:
                throw PostgreSQLAttempt(
                    failure: .store(.unavailable("the answer to a commit was lost, it may have happened")),
                    mayRunAgain: false)
            }
        }
        return result
    }

    /// Runs what comes before the commit; an error leaves the transaction.
    private func attempt<Result>(
        _ body: () throws(SQLFailure) -> Result
    ) throws(PostgreSQLAttempt) -> Result {
        do throws(SQLFailure) {
            return try body()
        } catch {
            rollback()
            throw PostgreSQLAttempt(failure: error, mayRunAgain: isBroken)
        }
    }
}
