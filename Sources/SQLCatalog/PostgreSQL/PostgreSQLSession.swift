import MediaCore

/// The statements of one transaction on a connection.
struct PostgreSQLSession: SQLSession {
    let connection: PostgreSQLConnection
    var dialect: SQLDialect { .postgreSQL }

    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        try connection.run(sql, values).rows()
    }

    @discardableResult
    func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
        try connection.run(sql, values).changedRows
    }
}
