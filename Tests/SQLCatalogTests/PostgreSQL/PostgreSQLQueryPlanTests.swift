import CatalogConformance
import MediaCore
import Synchronization
import Testing

@testable import SQLCatalog

@Suite("Query plans on PostgreSQL")
struct PostgreSQLQueryPlanTests {
    /// Statements that may look at a whole table besides those of ``QueryPlanTests``, with the reason.
    private static let scans: [(part: String, reason: String)] = [
        ("SELECT segments.media_id, segments.segment_index, segments.blob", "`roost verify`: joined with all media"),
        ("SELECT renditions.media_id, renditions.id", "`roost verify`: joined with all media"),
    ]

    @Test("with many rows no statement of the conformance rules scans a table, but those named here")
    func plans() async throws {
        let statements = Mutex<Set<String>>([])
        let base = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        let catalog = try await SQLCatalog(
            driver: RecordingDriver(base: base) { sql in statements.withLock { _ = $0.insert(sql) } })
        for rule in CatalogConformance.rules {
            try await Tables(driver: base).restore(nil)
            try await rule.check(catalog)
        }
        let recorded = statements.withLock { $0 }.filter { sql in
            ["SELECT", "INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
                && !sql.contains("schema_version") && !sql.contains("pg_advisory_xact_lock")
        }
        #expect(recorded.count > 50)
        let driver = try await Self.filled.value
        for sql in recorded.sorted() {
            let plan = try await Self.plan(of: sql, driver)
            let isPermitted = (QueryPlanTests.scans.map(\.part) + Self.scans.map(\.part)).contains { sql.contains($0) }
            #expect(!plan.contains("Seq Scan") || isPermitted, "\(sql)\n\(plan)")
        }
    }

    @Test("what sweeps and queues look for is found by its own index, in its order")
    func ownIndex() async throws {
        let driver = try await Self.filled.value
        for (sql, index) in [
            (
                "SELECT id FROM media WHERE expires_at <= ? AND state <> 'deleting' ORDER BY expires_at LIMIT ?",
                "media_expiry"
            ),
            (
                "SELECT id, original FROM media WHERE state = 'deleting' AND id > ? ORDER BY id LIMIT ?",
                "media_deleting"
            ),
            ("SELECT id FROM media WHERE attempts_left = 1", "media_attempts_left"),
            ("SELECT COUNT(*) FROM media WHERE state = 'uploading'", "media_open"),
            (
                "SELECT 1 FROM jobs WHERE kind = ? AND lease_until <= ? ORDER BY queued_at, media_id LIMIT 1",
                "jobs_queue"
            ),
            ("SELECT media_id FROM segments WHERE generation > 0 AND discarded = 0", "segments_replacing"),
        ] {
            let plan = try await Self.plan(of: sql, driver)
            #expect(plan.contains(index) && !plan.contains("Sort"), "\(sql)\n\(plan)")
        }
    }

    /// The plan of a statement for any values, in the words of `EXPLAIN`.
    private static func plan(of sql: String, _ driver: PostgreSQLDriver) async throws -> String {
        try await driver.write { session throws(SQLFailure) in
            try session.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            try session.execute("PREPARE planned AS \(PostgreSQLPlaceholders.numbered(sql))")
            let values = Array(repeating: "NULL", count: sql.count { $0 == "?" }).joined(separator: ", ")
            let rows = try session.query("EXPLAIN EXECUTE planned\(values.isEmpty ? "" : "(\(values))")")
            try session.execute("DEALLOCATE planned")
            return try rows.map { row throws(SQLFailure) in
                var row = row
                return try row.text()
            }.joined(separator: "\n")
        }
    }

    /// A catalog with as many rows as a server has after a while, and statistics of them.
    private static let filled = Task {
        var settings = try await PostgreSQLCluster.schema()
        settings.connections = 1
        let driver = PostgreSQLDriver(settings)
        _ = try await SQLCatalog(driver: driver)
        try await driver.write { session throws(SQLFailure) in
            // Foreign keys are not checked: the rows are consistent.
            try session.execute("SET LOCAL session_replication_role = replica")
            for insert in [
                "INSERT INTO users SELECT g, 'u' || g, 'u' || g, 'n', g FROM generate_series(1, 20000) AS g",
                """
                INSERT INTO tokens SELECT 't' || g, md5(g::text), g, '', g, CASE WHEN g % 10 = 0 THEN g END
                FROM generate_series(1, 20000) AS g
                """,
                """
                INSERT INTO apps SELECT 'c' || g, 'a' || g, 'a' || g, NULL, '[]', '', 'read', 'k' || g, 's', g
                FROM generate_series(1, 20000) AS g
                """,
                """
                INSERT INTO grants SELECT 'g' || g, 'c' || g, g, '', g, NULL FROM generate_series(1, 20000) AS g
                """,
                """
                INSERT INTO tokens SELECT 'u' || g, md5('u' || g), g, '', g, NULL, 'bearer', 'c' || g, 'g' || g, NULL,
                    g * 1000, NULL FROM generate_series(1, 20000) AS g
                """,
                "INSERT INTO sessions SELECT md5(g::text), g, g, g * 1000 FROM generate_series(1, 20000) AS g",
                """
                INSERT INTO authorization_codes SELECT md5(g::text), 'c' || g, g, 'u', '', 'c', 'plain', g, g * 1000, NULL
                FROM generate_series(1, 20000) AS g
                """,
                """
                INSERT INTO request_tokens SELECT md5(g::text), 'c' || g, 's', 'oob', g, NULL, 0, g, g * 1000
                FROM generate_series(1, 20000) AS g
                """,
                """
                INSERT INTO media SELECT g, 3, g % 20000, '', 'tweet_image', 'image/jpeg', NULL, 0, g,
                    CASE WHEN g % 3 = 0 THEN NULL ELSE g * 1000 END,
                    CASE WHEN g % 100 = 0 THEN 'uploading' WHEN g % 500 = 1 THEN 'deleting' ELSE 'succeeded' END,
                    100, 100, NULL, NULL, repeat('f', 120), 'o/' || md5(g::text), repeat('a', 64), 1, '{}',
                    CASE WHEN g % 1000 = 0 THEN 1 ELSE 0 END
                FROM generate_series(1, 60000) AS g
                """,
                """
                INSERT INTO segments SELECT g / 2, g % 2, CASE WHEN g % 1000 = 0 THEN 1 ELSE 0 END,
                    'a/' || md5(g::text), 100, 1, CASE WHEN g % 2000 = 0 THEN 0 ELSE 1 END
                FROM generate_series(1, 100000) AS g
                """,
                """
                INSERT INTO renditions SELECT g, g / 2, 'small', 'r/' || md5(g::text), 100, 1, 'image/jpeg', 10, 10,
                    NULL, NULL FROM generate_series(1, 100000) AS g
                """,
                """
                INSERT INTO jobs SELECT g, CASE WHEN g % 2 = 0 THEN 'judge' ELSE 'renditions' END, g, 0, 0, NULL, 0
                FROM generate_series(1, 20000) AS g
                """,
                "INSERT INTO posts SELECT g, g % 20000, '\"hello\"', g, '{}', g FROM generate_series(1, 60000) AS g",
                "INSERT INTO user_usage SELECT g, g FROM generate_series(1, 20000) AS g",
                """
                INSERT INTO idempotency_keys SELECT g % 20000, 'create_post', 'k' || g, md5(g::text), 201, '{}', g
                FROM generate_series(1, 60000) AS g
                """,
                """
                INSERT INTO audit SELECT g, g, 'signed_in', g % 20000, 'u' || g % 20000, 'u' || g % 20000, 'user', NULL,
                    NULL, '{}' FROM generate_series(1, 60000) AS g
                """,
                "INSERT INTO post_media SELECT g, 0, g FROM generate_series(1, 60000) AS g WHERE g % 3 = 0",
            ] { try session.execute(insert) }
            try session.execute("ANALYZE")
        }
        return driver
    }
}
