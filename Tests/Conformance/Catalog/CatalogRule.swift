package import MediaCore
import Testing

/// One guarantee of the catalog and how it is checked.
package struct CatalogRule: Sendable, CustomTestStringConvertible {
    /// The guarantee in words.
    package let name: String
    /// Checks it on a catalog that is empty and used by nobody else; failures are recorded as issues of the running test.
    package let check: @Sendable (any Catalog) async throws -> Void

    /// Makes a rule.
    init(_ name: String, _ check: @escaping @Sendable (any Catalog) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var testDescription: String { name }
}

/// What every catalog guarantees: the rules that each implementation runs, every one on a new catalog.
///
/// ```swift
/// @Test(arguments: CatalogConformance.rules)
/// func memory(rule: CatalogRule) async throws { try await rule.check(SQLCatalog.inMemory()) }
/// ```
package enum CatalogConformance {
    /// All rules.
    package static let rules: [CatalogRule] = [
        uploads, segments, finalize, oneShot, media, jobs, jobResults, posts, timelines, identity, accounts, apps,
        grants, requestTokens, revocation, expiry, deletion, batches, attempts, usage, idempotency, audit, races,
    ].flatMap { $0 }
}
