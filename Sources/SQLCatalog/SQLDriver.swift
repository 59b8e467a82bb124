import MediaCore

/// One kind of database: runs closures in transactions.
///
/// The catalog's SQL is written once, for databases that know `INSERT … ON CONFLICT`, `RETURNING` and partial indexes.
/// A driver translates the placeholder `?`, the ``SQLDialect``, values and errors, and owns the connections.
protocol SQLDriver: Sendable {
    /// How many writes wait for their turn.
    var waitingWrites: Int { get }

    /// What differs between the databases in the text of statements.
    var dialect: SQLDialect { get }

    /// Runs the closure on one consistent state of the rows.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result

    /// Runs the closure in a transaction, which is committed when this returns and undone when it throws.
    ///
    /// The closure may run more than once; a call that is cancelled runs to its end.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result

    /// Runs the closure in a transaction that everybody sees when this returns; a power cut may undo it, and with it no
    /// other that ``write(_:)`` committed.
    func writeUnsynchronized<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result

    /// Gives up room on the disk that was kept for deletions; false when there is none.
    func releaseReserve() async -> Bool

    /// Keeps room for deletions again, as soon as there is plenty.
    func restoreReserve() async
}

extension SQLDriver {
    /// As durable as every write.
    func writeUnsynchronized<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await write(body)
    }

    func releaseReserve() async -> Bool { false }
    func restoreReserve() async {}
}

/// The statements of one transaction.
protocol SQLSession {
    /// What differs between the databases in the text of statements.
    var dialect: SQLDialect { get }

    /// The rows that a statement answers; the placeholders `?` take the values in order.
    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow]

    /// Runs a statement; returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int
}

extension SQLSession {
    /// The rows of a statement without placeholders.
    func query(_ sql: String) throws(SQLFailure) -> [SQLRow] { try query(sql, []) }

    /// Runs a statement without placeholders.
    @discardableResult
    func execute(_ sql: String) throws(SQLFailure) -> Int { try execute(sql, []) }
}

/// Why a transaction was not committed.
enum SQLFailure: Error, Equatable {
    /// Somebody else was first (a unique key, a deadlock, a serialization failure): the whole closure may run again.
    case conflict(String)
    /// What the catalog's caller is told.
    case store(StoreError)

    /// A row holds what the catalog never writes.
    static func corrupt(_ text: String) -> SQLFailure { .store(.corrupt(text)) }
}

/// What differs between the databases in the text of statements.
struct SQLDialect: Sendable {
    /// Which database it is.
    enum Kind: Sendable {
        case sqlite
        case postgreSQL
    }

    /// Which database it is, for whole statements that have no common form.
    let kind: Kind
    /// The type of a signed 64-bit integer.
    let integer: String
    /// Ends a `SELECT` whose rows nobody may change until the transaction ends.
    let forShare: String
    /// Ends a `SELECT` whose rows nobody else may lock or change until the transaction ends.
    let forUpdate: String
    /// As ``forUpdate``, leaving out rows that somebody else has locked.
    let forUpdateSkipLocked: String
    /// Statements after which nobody else migrates until the transaction ends.
    let lockForMigration: [String]
    /// Statements after which nobody else who runs them goes on until the transaction ends.
    let lockQueue: [String]

    /// SQLite: a write transaction begins `IMMEDIATE` and is alone, so there is nothing to lock.
    static let sqlite = SQLDialect(
        kind: .sqlite, integer: "INTEGER", forShare: "", forUpdate: "", forUpdateSkipLocked: "", lockForMigration: [],
        lockQueue: [])

    /// PostgreSQL: what a transaction locks decides who waits for whom.
    static let postgreSQL = SQLDialect(
        kind: .postgreSQL, integer: "BIGINT", forShare: "FOR SHARE", forUpdate: "FOR UPDATE",
        forUpdateSkipLocked: "FOR UPDATE SKIP LOCKED",
        // Several nodes may start at once, and a migration may take longer than a statement waits for a row. The number
        // is "roost" in ASCII.
        lockForMigration: ["SET LOCAL lock_timeout = '10min'", "SELECT pg_advisory_xact_lock(491495846772)"],
        lockQueue: ["SELECT pg_advisory_xact_lock(491495846773)"])
}
