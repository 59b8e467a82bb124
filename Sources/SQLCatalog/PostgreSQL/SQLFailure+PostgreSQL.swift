import MediaCore

extension SQLFailure {
    /// The meaning of a SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html).
    ///
    /// - Parameters:
    ///   - sqlState: five characters; nil when the server did not answer.
    ///   - message: the primary message, without the detail: that may hold anybody's words.
    init(sqlState: String?, message: String) {
        let text = "PostgreSQL \(sqlState ?? "connection"): \(message)"
        switch sqlState {
        // unique_violation, serialization_failure, deadlock_detected
        case "23505", "40001", "40P01": self = .conflict(text)
        // foreign_key_violation
        case "23503": self = .store(.notFound)
        // disk_full
        case "53100": self = .store(.full)
        // data_corrupted, index_corrupted
        case "XX001", "XX002": self = .store(.corrupt(text))
        // lock_not_available after the lock timeout, too_many_connections, admin_shutdown, io_error, read_only, …:
        // the rows are as they were.
        default: self = .store(.unavailable(text))
        }
    }
}
