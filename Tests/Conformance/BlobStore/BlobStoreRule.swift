package import MediaCore
import Testing

/// One promise of ``BlobStore``, checked on an empty store.
package struct BlobStoreRule: Sendable, CustomTestStringConvertible {
    /// The promise in words.
    package let name: String
    /// Records an issue, or throws, if the store does not keep it.
    package let check: @Sendable (any BlobStore) async throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (any BlobStore) async throws -> Void) {
        self.name = name
        self.check = check
    }

    package var testDescription: String { name }
}

/// What every implementation of ``BlobStore`` must keep.
///
/// ```swift
/// @Test(arguments: BlobStoreConformance.rules)
/// func files(rule: BlobStoreRule) async throws { try await withStore { try await rule.check($0) } }
/// ```
package enum BlobStoreConformance {
    /// All rules.
    package static let rules: [BlobStoreRule] = writing + reading + composing + adopting + deleting
}
