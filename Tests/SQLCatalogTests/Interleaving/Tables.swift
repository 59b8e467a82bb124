@testable import SQLCatalog

/// All rows, through the portable SQL: copied aside, brought back, and read.
struct Tables: Sendable {
    /// Each table after those that its rows refer to.
    private static let names = [
        "users", "sessions", "apps", "grants", "tokens", "authorization_codes", "request_tokens", "media", "segments",
        "renditions", "jobs", "posts", "post_media", "user_usage", "idempotency_keys",
    ]

    let driver: any SQLDriver

    /// Copies all rows aside under a name.
    func save(as name: String) async throws {
        try await driver.write { session throws(SQLFailure) in
            for table in Self.names {
                try session.execute("CREATE TABLE \(name)_\(table) AS SELECT * FROM \(table)")
            }
        }
    }

    /// There are no rows but those that were copied aside under a name; none at all for nil.
    func restore(_ name: String?) async throws {
        try await driver.write { session throws(SQLFailure) in
            for table in Self.names.reversed() { try session.execute("DELETE FROM \(table)") }
            guard let name else { return }
            for table in Self.names { try session.execute("INSERT INTO \(table) SELECT * FROM \(name)_\(table)") }
        }
    }

    /// All rows in words, in an order that is the same for every database.
    func rows() async throws -> [String] {
        try await driver.read { session throws(SQLFailure) in
            var rows: [String] = []
            for table in Self.names {
                for row in try session.query("SELECT * FROM \(table)") { rows.append("\(table) \(row.values)") }
            }
            return rows.sorted()
        }
    }
}
