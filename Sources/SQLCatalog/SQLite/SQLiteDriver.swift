import Dispatch
import GRDB
import MediaCore

/// The embedded database: one writing connection with group commit, and several that read.
///
/// GRDB is the connection pool; its queues run all blocking work, so no thread of Swift's pool ever waits for the disk.
final class SQLiteDriver: SQLDriver {
    /// How long a statement waits for another process that has the file locked, in seconds.
    ///
    /// GRDB's default is to fail at once, and `roost token` writes beside the server.
    static let busyTimeout = 5.0

    let dialect = SQLDialect.sqlite
    /// A `DatabasePool` for a file, a `DatabaseQueue` for memory.
    let database: any DatabaseWriter
    /// The way of every write.
    let commits: GroupCommit
    /// The way of every read.
    private let reads: GroupRead

    var waitingWrites: Int { commits.waiting }

    /// Opens or creates the file at a path.
    convenience init(path: String, durability: Durability) async throws(SQLFailure) {
        let database = try await Self.open { () throws -> any DatabaseWriter in
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // After the pool is open, because it sets NORMAL itself. "In WAL mode, FULL syncs the WAL after each
            // transaction commit"; with NORMAL "a committed transaction might roll back following a power loss", while
            // it still survives the end of the process, and the file is never corrupt as it might be with OFF
            // (https://www.sqlite.org/pragma.html#pragma_synchronous).
            try pool.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
            }
            return pool
        }
        self.init(database: database)
    }

    /// Opens a database in memory.
    static func inMemory() async throws(SQLFailure) -> SQLiteDriver {
        SQLiteDriver(
            database: try await open { () throws -> any DatabaseWriter in
                try DatabaseQueue(configuration: configuration)
            })
    }

    private init(database: any DatabaseWriter) {
        self.database = database
        self.commits = GroupCommit(database: database)
        self.reads = GroupRead(database: database)
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await reads.run(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await commits.run(body)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.label = "roost.catalog"
        return configuration
    }

    private static func open(
        _ body: @escaping @Sendable () throws -> any DatabaseWriter
    ) async throws(SQLFailure) -> any DatabaseWriter {
        let result: Swift.Result<any DatabaseWriter, SQLFailure> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: .init { () throws(SQLFailure) in try SQLFailure.mapping(body) })
            }
        }
        return try result.get()
    }
}
