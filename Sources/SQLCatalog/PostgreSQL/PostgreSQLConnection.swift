import CPostgreSQL
import MediaCore

/// One connection to a server.
///
/// Sendable, and unchecked, because a connection is with one thread at a time: the driver hands it out and takes it back
/// (https://www.postgresql.org/docs/15/libpq-threading.html).
final class PostgreSQLConnection: @unchecked Sendable {
    /// The oldest server that answers `pg_current_xact_id`.
    static let oldestServer: Int32 = 130_000

    /// The connection of libpq.
    let handle: OpaquePointer
    /// The names of the prepared statements by their text; the catalog has few different ones.
    private var prepared: [String: String] = [:]
    /// The first statement of the transaction that failed; after it the server refuses all others.
    private(set) var failure: SQLFailure?

    /// Connects, waiting on the thread.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` when the server does not answer, refuses, or is none for this program.
    init(_ settings: PostgreSQLSettings) throws(SQLFailure) {
        // The parts of the connection string (`dbname`, expanded) win over those before it.
        let parameters: [(keyword: String, value: String)] = [
            ("connect_timeout", "5"), ("tcp_user_timeout", "10000"), ("fallback_application_name", "roost"),
            ("dbname", settings.address), ("client_encoding", "UTF8"),
        ]
        let connected = CStrings(parameters.map(\.keyword) + [nil]).withPointers { keywords in
            CStrings(parameters.map(\.value) + [nil]).withPointers { values in
                PQconnectdbParams(keywords, values, 1)
            }
        }
        guard let connected else { throw .store(.unavailable("PostgreSQL: no memory for a connection")) }
        handle = connected
        guard PQstatus(handle) == CONNECTION_OK else { throw SQLFailure(sqlState: nil, message: lastMessage) }
        // Otherwise notices (a table that exists already) go to standard error.
        _ = PQsetNoticeReceiver(handle, { _, _ in }, nil)
        guard PQserverVersion(handle) >= Self.oldestServer else {
            throw .store(.unavailable("the PostgreSQL server is older than 13"))
        }
        let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? "unknown"
        guard encoding == "UTF8" else {
            throw .store(.unavailable("the encoding of the PostgreSQL database is \(encoding), it must be UTF8"))
        }
        for setting in settings.statements { try run(setting) }
    }

    deinit { PQfinish(handle) }

    /// Whether the connection is lost for good.
    var isBroken: Bool { PQstatus(handle) == CONNECTION_BAD }

    /// Whether the connection can be used for a next transaction.
    var isIdle: Bool { !isBroken && PQtransactionStatus(handle) == PQTRANS_IDLE }

    /// Begins a transaction with these words, which may be several statements.
    ///
    /// - Returns: what the last one answered.
    @discardableResult
    func begin(_ statements: String) throws(SQLFailure) -> [SQLRow] {
        failure = nil
        return try answer(PQexec(handle, statements)).rows()
    }

    /// Commits.
    ///
    /// - Throws: also the error of an earlier statement that its caller went on after: nothing is committed then.
    func commit() throws(SQLFailure) {
        if let failure { throw failure }
        let command = try answer(PQexec(handle, "COMMIT")).command
        guard command == "COMMIT" else { throw .store(.unavailable("PostgreSQL answered \(command) to COMMIT")) }
    }

    /// Leaves the transaction as good as it can: a connection that is not idle afterwards is not used again.
    func rollback() {
        guard !isBroken else { return }
        do throws(SQLFailure) { try run("ROLLBACK") } catch {}
    }

    /// Runs one statement; those with values are prepared once.
    @discardableResult
    func run(_ sql: String, _ values: [any SQLConvertible] = []) throws(SQLFailure) -> PostgreSQLResult {
        do throws(SQLFailure) {
            guard !values.isEmpty else {
                return try answer(PQexecParams(handle, sql, 0, nil, nil, nil, nil, 0))
            }
            let texts = try values.map { value throws(SQLFailure) in try Self.text(value) }
            let name = try prepare(sql)
            return try answer(
                CStrings(texts).withPointers { pointers in
                    PQexecPrepared(handle, name, Int32(texts.count), pointers, nil, nil, 0)
                })
        } catch {
            if failure == nil { failure = error }
            throw error
        }
    }

    /// The types of the values are the server's to find: a `?` may hold NULL the first time and an integer the next.
    private func prepare(_ sql: String) throws(SQLFailure) -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count)"
        _ = try answer(PQprepare(handle, name, PostgreSQLPlaceholders.numbered(sql), 0, nil))
        prepared[sql] = name
        return name
    }

    private func answer(_ result: OpaquePointer?) throws(SQLFailure) -> PostgreSQLResult {
        guard let result else { throw SQLFailure(sqlState: nil, message: lastMessage) }
        return try PostgreSQLResult(result)
    }

    private var lastMessage: String { String(cString: PQerrorMessage(handle)).oneLine }

    private static func text(_ value: any SQLConvertible) throws(SQLFailure) -> String? {
        switch value.sqlValue {
        case .null: return nil
        case .integer(let integer): return String(integer)
        case .text(let text):
            // A C string ends there, and PostgreSQL has no text with it.
            guard !text.utf8.contains(0) else { throw .corrupt("a text to be stored holds U+0000") }
            return text
        }
    }
}
