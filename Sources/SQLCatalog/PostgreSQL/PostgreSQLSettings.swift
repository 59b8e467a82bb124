package import MediaCore

/// Which server, and how it is used.
package struct PostgreSQLSettings: Sendable {
    /// A connection string of libpq, `postgres://…` or `host=… dbname=…`
    /// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING).
    package var address: String
    /// The most connections, and as many threads; at least 1.
    package var connections = 16
    /// With `process` a commit is answered before the server has synchronized it; then a crash of the server loses the
    /// last ones, and leaves no half of one (https://www.postgresql.org/docs/15/wal-async-commit.html).
    package var durability = Durability.full
    /// How long a statement waits for a row that somebody else has locked, in milliseconds.
    package var lockTimeout = 5000

    /// Makes the settings for a server.
    package init(address: String) { self.address = address }

    /// What is told to the server on each new connection.
    var statements: [String] {
        [
            "SET lock_timeout = \(lockTimeout)",
            "SET synchronous_commit = \(durability == .full ? "on" : "off")",
            // Frees the rows of a program whose machine is gone, or that was stopped in the middle.
            "SET idle_in_transaction_session_timeout = '60s'",
        ]
    }
}
