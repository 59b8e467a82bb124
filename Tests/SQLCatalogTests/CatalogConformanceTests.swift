import CatalogConformance
import MediaCore
import SQLCatalog
import Testing

@Suite("Catalog")
struct CatalogConformanceTests {
    @Test("SQLite in memory", arguments: CatalogConformance.rules)
    func memory(rule: CatalogRule) async throws {
        try await rule.check(SQLCatalog.inMemory())
    }

    @Test("SQLite on disk", arguments: CatalogConformance.rules)
    func disk(rule: CatalogRule) async throws {
        try await withTemporaryFolder { folder in
            try await rule.check(SQLCatalog(path: folder + "/catalog.sqlite", durability: .process))
        }
    }

    // One after the other, as each opens some connections.
    @Test("PostgreSQL", .serialized, arguments: CatalogConformance.rules)
    func postgreSQL(rule: CatalogRule) async throws {
        try await rule.check(SQLCatalog(postgreSQL: PostgreSQLCluster.schema()))
    }
}
