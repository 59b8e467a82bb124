import CatalogConformance
import MediaCore
import Synchronization
import Testing

@testable import SQLCatalog

@Suite("Query plans")
struct QueryPlanTests {
    /// Statements that may look at a whole table, or a whole index, with the table's name in them and the reason.
    static let scans: [(part: String, table: String, reason: String)] = [
        ("SELECT 1 FROM users LIMIT 1", "users", "looks at one row"),
        ("SELECT version FROM schema_version", "schema_version", "has one row"),
        ("UPDATE media SET reserved_bytes = COALESCE", "media", "once, in the migration"),
        ("INSERT INTO user_usage (user_id, bytes) SELECT", "media", "once, in the migration"),
        ("ORDER BY tokens.created_at, tokens.id", "tokens", "the list of all tokens, for `roost token list`"),
        ("FROM users ORDER BY users.created_at", "users", "the list of all users, for `roost user list`"),
        ("FROM apps ORDER BY created_at", "apps", "the list of all apps, for `roost app list`"),
        ("SELECT COUNT(*) FROM (SELECT 1 FROM jobs", "waiting", "the rows of a search that stops at the queue's limit"),
        ("SELECT kind, CASE", "jobs", "counts all jobs; there are as many as the queue allows"),
        ("SELECT DISTINCT media_id FROM jobs", "jobs", "once, at start; there are as many as the queue allows"),
        ("AS replaced CROSS JOIN", "replaced", "its index holds replaced attempts only"),
        ("SELECT COUNT(*) FROM media WHERE state = 'uploading'", "media", "its index holds only such rows"),
    ]

    @Test("no statement of the conformance rules scans a table, but those named here")
    func plans() async throws {
        let statements = Mutex<Set<String>>([])
        for rule in CatalogConformance.rules {
            try await rule.check(
                SQLCatalog(
                    driver: RecordingDriver(base: try await SQLiteDriver.inMemory()) { sql in
                        statements.withLock { _ = $0.insert(sql) }
                    }))
        }
        let recorded = statements.withLock { $0 }.filter { sql in
            ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
        }
        #expect(recorded.count > 50)
        let driver = try await SQLCatalog.inMemory().driver
        for sql in recorded.sorted() {
            let plan = try await plan(of: sql, driver)
            let permitted =
                Self.scans.filter { sql.contains($0.part) }.map { "SCAN \($0.table)" } + ["SCAN CONSTANT ROW"]
            for step in plan where step.hasPrefix("SCAN") {
                let isPermitted = permitted.contains { step == $0 || step.hasPrefix("\($0) ") }
                #expect(isPermitted, "\(sql)\n\(plan.joined(separator: "\n"))")
            }
        }
    }

    @Test(
        "what sweeps and queues look for is found by its own index",
        arguments: [
            ("SELECT id FROM media WHERE expires_at <= ? AND state <> 'deleting'", "media_expiry"),
            (
                "SELECT id, original FROM media WHERE state = 'deleting' AND id > ? ORDER BY id LIMIT ?",
                "media_deleting"
            ),
            ("SELECT id FROM media WHERE attempts_left = 1", "media_attempts_left"),
            ("SELECT 1 FROM jobs WHERE kind = ? AND lease_until <= ? ORDER BY queued_at, media_id", "jobs_queue"),
            ("SELECT media_id FROM segments WHERE generation > 0 AND discarded = 0", "segments_replacing"),
        ])
    func ownIndex(sql: String, index: String) async throws {
        let driver = try await SQLCatalog.inMemory().driver
        let plan = try await plan(of: sql, driver)
        #expect(plan.contains { $0.contains(index) }, "\(plan)")
        #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    /// The steps of a statement's plan, as `EXPLAIN QUERY PLAN` says them in its fourth column.
    private func plan(of sql: String, _ driver: any SQLDriver) async throws -> [String] {
        let values = Array(repeating: SQLValue.null, count: sql.count { $0 == "?" })
        return try await driver.read { session throws(SQLFailure) in
            try session.query("EXPLAIN QUERY PLAN \(sql)", values).map { row throws(SQLFailure) in
                var row = row
                for _ in 0..<3 { _ = try row.optionalInteger() }
                return try row.text()
            }
        }
    }
}
