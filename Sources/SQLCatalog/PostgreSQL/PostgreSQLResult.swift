import CPostgreSQL
import MediaCore

/// What the server answered to one statement.
final class PostgreSQLResult {
    private let handle: OpaquePointer

    /// Takes over what libpq returned.
    ///
    /// - Throws: the failure by its meaning, when the statement did not succeed.
    init(_ handle: OpaquePointer) throws(SQLFailure) {
        self.handle = handle
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: break
        default: throw Self.failure(handle)
        }
    }

    deinit { PQclear(handle) }

    /// What the statement was, and for some of them what became of it: `COMMIT` answers `ROLLBACK` after an error.
    var command: String { Self.text(PQcmdStatus(handle)) ?? "" }

    /// How many rows the statement changed.
    var changedRows: Int { Self.text(PQcmdTuples(handle)).flatMap { Int($0) } ?? 0 }

    /// The rows.
    func rows() throws(SQLFailure) -> [SQLRow] {
        let columns = PQnfields(handle)
        let types = (0..<columns).map { PQftype(handle, $0) }
        var rows: [SQLRow] = []
        let count = PQntuples(handle)
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns {
                values.append(try value(row: row, column: column, type: types[Int(column)]))
            }
            rows.append(SQLRow(values))
        }
        return rows
    }

    private func value(row: Int32, column: Int32, type: Oid) throws(SQLFailure) -> SQLValue {
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return .null }
        let text = String(
            decoding: UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(handle, row, column))), as: UTF8.self)
        // The numbers of the types are those of pg_type.dat, fixed for ever.
        switch type {
        // int8, int2, int4
        case 20, 21, 23:
            guard let integer = Int64(text) else { throw .corrupt("column \(column) holds \(text), no integer") }
            return .integer(integer)
        // name, text, unknown, varchar, void, xid8
        case 19, 25, 705, 1043, 2278, 5069: return .text(text)
        default: throw .corrupt("column \(column) is of type \(type), which the catalog does not use")
        }
    }

    private static func failure(_ handle: OpaquePointer) -> SQLFailure {
        let constraint = text(roost_pg_constraint(handle)).map { " (\($0))" } ?? ""
        let message = text(roost_pg_message(handle)) ?? text(PQresultErrorMessage(handle)) ?? "no message"
        return SQLFailure(sqlState: text(roost_pg_sqlstate(handle)), message: message.oneLine + constraint)
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
}

extension String {
    /// The text without its line breaks, for a message in the log.
    var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
