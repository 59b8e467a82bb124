import CatalogConformance
import MediaCore
import Testing
import XMedia

@testable import SQLCatalog

@Suite("What limits brought to the tables")
struct UsageMigrationTests {
    @Test("bytes stored before there were quotas count for their owners", arguments: [false, true])
    func migration(onPostgreSQL: Bool) async throws {
        let driver: any SQLDriver
        if onPostgreSQL {
            driver = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        } else {
            driver = try await SQLiteDriver.inMemory()
        }
        try await driver.write { session throws(SQLFailure) in
            for statement in Schema.version1(session.dialect) { try session.execute(statement) }
            let integer = session.dialect.integer
            try session.execute("CREATE TABLE schema_version (version \(integer) NOT NULL)")
            try session.execute("INSERT INTO schema_version (version) VALUES (1)")
            // Size, declared bytes: finalized, declared, neither; and another owner's.
            for (id, owner, size, declared) in [
                (1, 100, 7, 9), (2, 100, nil, 50), (3, 100, nil, nil), (4, 200, 5, nil),
            ] as [(Int, Int, Int?, Int?)] {
                try session.execute(
                    """
                    INSERT INTO media (id, media_key_prefix, owner_id, additional_owners, declared_bytes, shared,
                        created_at, state, size, progress, metadata)
                    VALUES (?, 3, ?, '', ?, 0, 0, ?, ?, 0, '{}')
                    """, [id, owner, declared, size == nil ? "uploading" : "succeeded", size])
            }
        }
        let catalog = try await SQLCatalog(driver: driver)
        #expect(try await catalog.storedBytes(of: UserID(rawValue: 100)) == 57 + UserQuota.step)
        #expect(try await catalog.storedBytes(of: UserID(rawValue: 200)) == 5)
        _ = try await catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: false)
        try await catalog.finishDeletion(of: [MediaID(rawValue: 2)])
        #expect(try await catalog.storedBytes(of: UserID(rawValue: 100)) == 7 + UserQuota.step)
    }

    @Test(
        "the database itself refuses to change or delete entries of the audit log", arguments: [false, true],
        ["UPDATE audit SET event = 'nothing'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"])
    func appendOnly(onPostgreSQL: Bool, statement: String) async throws {
        let catalog: SQLCatalog
        if onPostgreSQL {
            catalog = try await SQLCatalog(postgreSQL: PostgreSQLCluster.schema())
        } else {
            catalog = try await SQLCatalog.inMemory()
        }
        let user = UserID(rawValue: 1)
        let entry = AuditEntry(
            id: 1, at: Timestamp(rawValue: 5), event: .signedIn, userID: user, username: "a", actor: .user)
        try await catalog.add(entry)
        await #expect(throws: StoreError.self) {
            try await catalog.write { session throws(SQLFailure) in _ = try session.execute(statement) }
        }
        #expect(try await catalog.auditEntries(of: user, olderThan: nil, limit: 5) == [entry])
    }
}
