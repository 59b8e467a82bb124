import GRDB
import MediaCore

/// The statements of one transaction on a connection; each is prepared once per connection.
struct SQLiteSession: SQLSession {
    let connection: Database
    var dialect: SQLDialect { .sqlite }

    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        try statement(sql).rows(values)
    }

    @discardableResult
    func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
        try statement(sql).run(values)
    }

    private func statement(_ sql: String) throws(SQLFailure) -> SQLiteStatement {
        try SQLFailure.mapping { SQLiteStatement(pointer: try connection.cachedStatement(sql: sql).sqliteStatement) }
    }
}
