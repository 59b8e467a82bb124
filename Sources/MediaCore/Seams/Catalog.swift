/// All rows: the protocols by noun, together.
///
/// Every method is one atomic unit: all of it happened when it returns, none of it when it throws ``StoreError``.
/// What a rule refuses is an outcome of the method, not an error. Nothing rests on there being one writer. A call of a
/// cancelled task runs to its end like any other.
package typealias Catalog = UploadCatalog & MediaCatalog & JobQueue & PostCatalog & IdentityCatalog & AccountCatalog
    & AppCatalog & GrantCatalog & DeletionCatalog & IdempotencyCatalog & AuditCatalog & CatalogCondition

/// Whether the catalog can be used.
package protocol CatalogCondition: Sendable {
    /// Returns when the rows could be read.
    func checkReady() async throws(StoreError)
}
