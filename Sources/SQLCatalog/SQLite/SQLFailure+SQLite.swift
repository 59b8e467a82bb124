import GRDB
import MediaCore

extension SQLFailure {
    /// Runs a body that calls GRDB; its errors become those of the seam.
    static func mapping<Result>(_ body: () throws -> Result) throws(SQLFailure) -> Result {
        do {
            return try body()
        } catch let failure as SQLFailure {
            throw failure
        } catch let error as DatabaseError {
            throw SQLFailure(error)
        } catch {
            throw .store(.unavailable("\(error)"))
        }
    }

    /// The meaning of a result code (https://www.sqlite.org/rescode.html).
    init(_ error: DatabaseError) {
        // The statement's arguments are left out of the text: they may be anybody's words.
        let text = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_ROWID:
            self = .conflict(text)
            return
        case .SQLITE_CONSTRAINT_FOREIGNKEY:
            self = .store(.notFound)
            return
        case .SQLITE_IOERR_SHMSIZE:
            // The log's index could not be made longer: that the disk is full has no other code there.
            self = .store(.full)
            return
        default:
            break
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .store(.full)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .store(.corrupt(text))
        // BUSY and LOCKED after the busy timeout, IOERR, CANTOPEN, NOMEM, …: the rows are as they were.
        default: self = .store(.unavailable(text))
        }
    }
}
