@testable import SQLCatalog

/// A driver that tells of every statement.
struct RecordingDriver: SQLDriver {
    let base: any SQLDriver
    var waitingWrites: Int { base.waitingWrites }
    let record: @Sendable (String) -> Void
    var dialect: SQLDialect { base.dialect }

    init(base: any SQLDriver, record: @escaping @Sendable (String) -> Void) {
        self.base = base
        self.record = record
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await base.read { [record] session throws(SQLFailure) in
            try body(RecordingSession(base: session, record: record))
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await base.write { [record] session throws(SQLFailure) in
            try body(RecordingSession(base: session, record: record))
        }
    }
}

private struct RecordingSession: SQLSession {
    let base: any SQLSession
    let record: @Sendable (String) -> Void
    var dialect: SQLDialect { base.dialect }

    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        record(sql)
        return try base.query(sql, values)
    }

    func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
        record(sql)
        return try base.execute(sql, values)
    }
}
