import CSQLiteReads
import GRDBSQLite
import MediaCore

/// A connection of ``CachedReads``.
///
/// Unchecked: SQLite's handles are not Sendable. ``CachedReads`` gives a connection to one thread at a time, under a lock,
/// which is all that SQLITE_OPEN_NOMUTEX asks for (https://www.sqlite.org/threadsafe.html, "Multi-thread").
final class CachedConnection: @unchecked Sendable {
    /// The most steps of SQLite's machine for one read, some 0.1 ms: a longer one would hold up the event loop.
    static let mostSteps: CInt = 4000
    /// After how many steps of a statement SQLite looks whether they were too many.
    private static let stepsBetweenLooks: CInt = 500
    /// Pages that a connection keeps, in KiB.
    ///
    /// A commit makes it forget them all, and the system's page cache has them too.
    private static let cacheKiB = 256

    private let connection: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]
    /// How often SQLite may still look during this read; its memory has a fixed address for the handler.
    private let looks: UnsafeMutablePointer<CInt>

    /// Whether no transaction is open that should not be.
    var isUsable: Bool { sqlite3_get_autocommit(connection) != 0 }

    /// Opens the file, and its write-ahead log with it; nil when that fails.
    init?(path: String) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, ROOST_CACHED_VFS)
        guard code == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            return nil
        }
        connection = opened
        looks = .allocate(capacity: 1)
        looks.initialize(to: 0)
        sqlite3_extended_result_codes(opened, 1)
        // Never mapped, whatever this SQLite was built to prefer: touching a page that is not there would wait for the disk.
        let prepared = """
            PRAGMA mmap_size = 0; PRAGMA cache_size = -\(Self.cacheKiB); SELECT COUNT(*) FROM sqlite_schema;
            """
        guard sqlite3_exec(opened, prepared, nil, nil, nil) == SQLITE_OK else { return nil }
        sqlite3_progress_handler(
            opened, Self.stepsBetweenLooks,
            { looks in
                guard let looks = looks?.assumingMemoryBound(to: CInt.self) else { return 1 }
                looks.pointee -= 1
                return looks.pointee < 0 ? 1 : 0
            }, looks)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement.pointer) }
        sqlite3_close_v2(connection)
        looks.deallocate()
    }

    /// Runs the body in a snapshot; nil when anything of it failed, also by waiting for the disk.
    func read<Result>(_ body: (any SQLSession) throws(SQLFailure) -> Result) -> Result? {
        roost_read_cached_only(1)
        defer { roost_read_cached_only(0) }
        looks.pointee = Self.mostSteps / Self.stepsBetweenLooks
        let session = Session(connection: self)
        do throws(SQLFailure) {
            try session.execute("BEGIN")
            let result = try body(session)
            try session.execute("COMMIT")
            return result
        } catch {
            // Leaving is never cut short.
            looks.pointee = .max
            if !isUsable { sqlite3_exec(connection, "ROLLBACK", nil, nil, nil) }
            return nil
        }
    }

    private func statement(_ sql: String) throws(SQLFailure) -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        var pointer: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, CUnsignedInt(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard code == SQLITE_OK, let pointer else {
            throw .store(.unavailable(String(cString: sqlite3_errmsg(connection))))
        }
        let statement = SQLiteStatement(pointer: pointer)
        statements[sql] = statement
        return statement
    }

    /// The statements of one read.
    private struct Session: SQLSession {
        let connection: CachedConnection
        var dialect: SQLDialect { .sqlite }

        func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
            try connection.statement(sql).rows(values)
        }

        @discardableResult
        func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
            _ = try query(sql, values)
            return 0
        }
    }
}
