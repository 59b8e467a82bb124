/// Why a store could not do its work; nothing was changed by the call that throws it.
package enum StoreError: Error, Sendable, Equatable {
    /// No space left (ENOSPC, EDQUOT, SQLITE_FULL).
    case full
    /// Out of reach or failing for now; a retry may work. The text is for the log, not for clients.
    case unavailable(String)
    /// The stored bytes or rows are not what they must be. The text is for the log.
    case corrupt(String)
    /// What was asked for is not there.
    case notFound
}
