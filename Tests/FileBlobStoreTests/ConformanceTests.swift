import BlobStoreConformance
import FileBlobStore
import MediaCore
import Testing

@Suite("Every blob store keeps every promise of the seam")
struct ConformanceTests {
    @Test("in memory", arguments: BlobStoreConformance.rules)
    func memory(rule: BlobStoreRule) async throws { try await rule.check(InMemoryBlobStore()) }

    @Test("files, outliving a power cut", arguments: BlobStoreConformance.rules)
    func full(rule: BlobStoreRule) async throws {
        try await withFileBlobStore(.full) { store, _ in try await rule.check(store) }
    }

    @Test("files, outliving the process", arguments: BlobStoreConformance.rules)
    func process(rule: BlobStoreRule) async throws {
        try await withFileBlobStore(.process) { store, _ in try await rule.check(store) }
    }

    @Test("a store behind a fault injector without faults", arguments: BlobStoreConformance.rules)
    func decorated(rule: BlobStoreRule) async throws {
        try await rule.check(FaultyBlobStore(InMemoryBlobStore()))
    }
}
