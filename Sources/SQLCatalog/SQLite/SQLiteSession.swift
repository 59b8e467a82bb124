import GRDB
import MediaCore

/// The statements of one transaction on a connection; each is prepared once per connection.
struct SQLiteSession: SQLSession {
    let connection: Database
    var dialect: SQLDialect { .sqlite }

    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        try SQLFailure.mapping {
            try SQLiteStatement(pointer: connection.cachedStatement(sql: sql).sqliteStatement).rows(values)
        }
    }

    @discardableResult
    func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
        try SQLFailure.mapping {
            try connection.cachedStatement(sql: sql).execute(arguments: Self.arguments(values))
            return connection.changesCount
        }
    }

    private static func arguments(_ values: [any SQLConvertible]) -> StatementArguments {
        StatementArguments(
            values.map { value -> DatabaseValue in
                switch value.sqlValue {
                case .null: .null
                case .integer(let integer): integer.databaseValue
                case .text(let text): text.databaseValue
                }
            })
    }
}
