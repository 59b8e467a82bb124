import Dispatch
import Foundation
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
    /// The way of reads that find everything in memory; nil for a database in memory, whose one connection is the writer's.
    ///
    /// The first to be closed: the last connection that closes empties the write-ahead log, and these may not write.
    let cachedReads: CachedReads?
    /// A `DatabasePool` for a file, a `DatabaseQueue` for memory.
    let database: any DatabaseWriter
    /// The way of every write.
    let commits: GroupCommit
    /// The way of all other reads.
    private let reads: GroupRead
    /// Nil in memory.
    private let reserve: DeletionReserve?

    var waitingWrites: Int { commits.waiting }

    /// Opens or creates the file at a path.
    convenience init(path: String, durability: Durability) async throws(SQLFailure) {
        let reserve = DeletionReserve(path: path + "-reserve")
        let opened: (database: any DatabaseWriter, cachedReads: CachedReads?)
        do {
            opened = try await Self.open(path: path, durability: durability)
        } catch {
            // Who opens the file first makes its log and the log's index, for which a full disk has no room: without
            // the reserve nobody could delete anything any more.
            if case .store(.corrupt) = error { throw error }
            guard await reserve.release() else { throw error }
            opened = try await Self.open(path: path, durability: durability)
        }
        self.init(
            database: opened.database, durability: durability, cachedReads: opened.cachedReads, reserve: reserve)
    }

    private static func open(
        path: String, durability: Durability
    ) async throws(SQLFailure) -> (database: any DatabaseWriter, cachedReads: CachedReads?) {
        try await open { () throws -> (database: any DatabaseWriter, cachedReads: CachedReads?) in
            _ = CachedReads.isPossible
            let pool = try DatabasePool(path: path, configuration: configuration)
            // After the pool is open, because it sets NORMAL itself. "In WAL mode, FULL syncs the WAL after each
            // transaction commit"; with NORMAL "a committed transaction might roll back following a power loss", while
            // it still survives the end of the process, and the file is never corrupt as it might be with OFF
            // (https://www.sqlite.org/pragma.html#pragma_synchronous).
            try pool.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
            }
            return (pool, CachedReads(path: path, count: ProcessInfo.processInfo.activeProcessorCount))
        }
    }

    /// Opens a database in memory.
    static func inMemory() async throws(SQLFailure) -> SQLiteDriver {
        SQLiteDriver(
            database: try await open { () throws -> any DatabaseWriter in
                try DatabaseQueue(configuration: configuration)
            }, durability: .process, cachedReads: nil)
    }

    private init(
        database: any DatabaseWriter, durability: Durability, cachedReads: CachedReads?, reserve: DeletionReserve? = nil
    ) {
        self.database = database
        self.cachedReads = cachedReads
        self.reserve = reserve
        self.commits = GroupCommit(database: database, durability: durability)
        self.reads = GroupRead(database: database)
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        if let result = cachedReads?.run(body) { return result }
        return try await reads.run(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await commits.run(body)
    }

    func writeUnsynchronized<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await commits.run(isSynchronized: false, body)
    }

    func releaseReserve() async -> Bool { await reserve?.release() ?? false }

    func restoreReserve() async { await reserve?.restore() }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.label = "roost.catalog"
        return configuration
    }

    private static func open<Opened: Sendable>(
        _ body: @escaping @Sendable () throws -> Opened
    ) async throws(SQLFailure) -> Opened {
        let result: Swift.Result<Opened, SQLFailure> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: .init { () throws(SQLFailure) in try SQLFailure.mapping(body) })
            }
        }
        return try result.get()
    }
}
