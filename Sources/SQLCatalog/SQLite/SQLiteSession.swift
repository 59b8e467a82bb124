import GRDB
import MediaCore

/// The statements of one transaction on a connection; each is prepared once per connection.
struct SQLiteSession: SQLSession {
    let connection: Database
    var dialect: SQLDialect { .sqlite }

    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        try SQLFailure.mapping {
            let statement = try connection.cachedStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: Self.arguments(values))
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(try row.databaseValues.map(Self.value)))
            }
            return rows
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

    private static func value(_ column: DatabaseValue) throws(SQLFailure) -> SQLValue {
        switch column.storage {
        case .null: .null
        case .int64(let integer): .integer(integer)
        case .string(let text): .text(text)
        case .double, .blob: throw .corrupt("a column holds a real number or bytes")
        }
    }
}
