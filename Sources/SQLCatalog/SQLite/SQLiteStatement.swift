import GRDB
import GRDBSQLite
import MediaCore

/// A prepared statement of SQLite, stepped without GRDB: its rows know their columns' names, and its writes who observes
/// them, which nobody asks for here and costs more than the work.
struct SQLiteStatement {
    let pointer: OpaquePointer

    /// The rows for these values; the statement is ready for the next time afterwards.
    func rows(_ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        defer { sqlite3_reset(pointer) }
        try bind(values)
        let columns = sqlite3_column_count(pointer)
        var rows: [SQLRow] = []
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: rows.append(SQLRow(try row(of: columns)))
            case SQLITE_DONE: return rows
            case let code: throw failure(code)
            }
        }
    }

    /// Runs the statement to its end with these values; returns how many rows it changed.
    func run(_ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
        defer { sqlite3_reset(pointer) }
        try bind(values)
        while true {
            switch sqlite3_step(pointer) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return Int(sqlite3_changes(sqlite3_db_handle(pointer)))
            case let code: throw failure(code)
            }
        }
    }

    private func bind(_ values: [any SQLConvertible]) throws(SQLFailure) {
        guard values.count == Int(sqlite3_bind_parameter_count(pointer)) else {
            throw .store(.unavailable("a statement got \(values.count) values"))
        }
        for (index, value) in values.enumerated() {
            let place = CInt(index + 1)
            let code =
                switch value.sqlValue {
                case .null: sqlite3_bind_null(pointer, place)
                case .integer(let integer): sqlite3_bind_int64(pointer, place, integer)
                case .text(let text):
                    sqlite3_bind_text(pointer, place, text, CInt(text.utf8.count), Self.copied)
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func row(of columns: CInt) throws(SQLFailure) -> [SQLValue] {
        var values: [SQLValue] = []
        values.reserveCapacity(Int(columns))
        for column in 0..<columns {
            switch sqlite3_column_type(pointer, column) {
            case SQLITE_NULL: values.append(.null)
            case SQLITE_INTEGER: values.append(.integer(sqlite3_column_int64(pointer, column)))
            case SQLITE_TEXT:
                // The text before its length, as https://www.sqlite.org/c3ref/column_blob.html wants it.
                guard let text = sqlite3_column_text(pointer, column) else { throw failure(SQLITE_NOMEM) }
                let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(pointer, column)))
                values.append(.text(String(decoding: bytes, as: UTF8.self)))
            default: throw .corrupt("a column holds a real number or bytes")
            }
        }
        return values
    }

    private func failure(_ code: CInt) -> SQLFailure {
        let connection = sqlite3_db_handle(pointer)
        return SQLFailure(
            DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection))))
    }

    /// SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies the bytes.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
