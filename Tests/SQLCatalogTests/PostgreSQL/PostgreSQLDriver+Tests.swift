import Dispatch
import MediaCore
import Testing

@testable import SQLCatalog

/// What the tests of the driver do with a table `t`.
extension PostgreSQLDriver {
    /// Makes the table with these columns.
    func makeTable(_ columns: String) async throws(SQLFailure) {
        try await write { session throws(SQLFailure) in _ = try session.execute("CREATE TABLE t (\(columns))") }
    }

    /// How many rows there are.
    func count() async throws(SQLFailure) -> Int {
        try await read { session throws(SQLFailure) in try session.query("SELECT 1 FROM t").count }
    }

    /// The integers of column `x` in order.
    func values() async throws(SQLFailure) -> [Int64] {
        try await read { session throws(SQLFailure) in
            try session.query("SELECT x FROM t ORDER BY x").map { row throws(SQLFailure) in
                var row = row
                return try row.integer()
            }
        }
    }

    /// The server's process of a connection.
    func process() async throws(SQLFailure) -> [[SQLValue]] {
        try await read { session throws(SQLFailure) in try session.query("SELECT pg_backend_pid()").map(\.values) }
    }

    /// Adds a row.
    func insert(_ number: Int) async throws(SQLFailure) {
        try await write { session throws(SQLFailure) in
            _ = try session.execute("INSERT INTO t (x) VALUES (?)", [number])
        }
    }

    /// Adds a row, from inside of another call's closure.
    func inserting(_ number: Int) {
        do throws(SQLFailure) {
            try waiting { session throws(SQLFailure) in
                _ = try session.execute("INSERT INTO t (x) VALUES (?)", [number])
            }
        } catch {
            Issue.record("\(error)")
        }
    }

    /// Writes on another connection while this thread, one of the driver's own, waits.
    func waiting(_ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Void) throws(SQLFailure) {
        let done = DispatchSemaphore(value: 0)
        let box = Box()
        Task {
            do throws(SQLFailure) { try await write(body) } catch { box.failure = error }
            done.signal()
        }
        done.wait()
        if let failure = box.failure { throw failure }
    }

    /// How many transactions of connections that use the same schema wait for their program.
    func openTransactions() async throws(SQLFailure) -> Int {
        try await read { session throws(SQLFailure) in
            try session.query(
                """
                SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'
                    AND application_name = current_setting('application_name')
                """
            ).count
        }
    }

    /// Ends all connections that use the same schema, but the one that does it.
    func endOtherConnections() async throws(SQLFailure) {
        try await write { session throws(SQLFailure) in
            let ended = try session.query(
                """
                SELECT CASE WHEN pg_terminate_backend(pid) THEN 1 ELSE 0 END FROM pg_stat_activity
                WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()
                """)
            guard !ended.isEmpty else { throw .corrupt("there was no other connection") }
        }
    }
}

/// A failure that is set before and read after a semaphore.
private final class Box: @unchecked Sendable {
    var failure: SQLFailure?
}
