import HTTPTypes
import MediaCore
import NIOCore
import Synchronization

/// A store in memory whose reads can be made to fail after a number of bytes, and that counts what was written.
final class FaultyReads: BlobStore {
    private let store = InMemoryBlobStore()
    private let failAfter = Mutex<Int64?>(nil)
    private let largest = Mutex<Int>(0)

    /// Reads that begin from now on fail after this many bytes.
    func failReads(after bytes: Int64) { failAfter.withLock { $0 = bytes } }

    /// The largest buffer that was ever written at once.
    var largestWrite: Int { largest.withLock { $0 } }

    func write(_ name: BlobName, _ body: (any BlobWriter) async throws -> Void) async throws -> StoredBlob {
        try await store.write(name) { writer in
            let measured = MeasuredWriter(writer)
            try await body(measured)
            largest.withLock { $0 = max($0, measured.largest) }
        }
    }

    func compose(_ parts: [BlobPart], into name: BlobName) async throws -> ComposedBlob {
        try await store.compose(parts, into: name)
    }

    func adopt(_ files: [FinishedFile]) async throws -> [StoredBlob] {
        try await store.adopt(files)
    }

    func read(_ name: BlobName, range: Range<Int64>) async throws -> BlobBytes {
        guard let limit = failAfter.withLock({ $0 }) else { return try await store.read(name, range: range) }
        let bytes = try await store.read(
            name, range: range.lowerBound..<min(range.upperBound, range.lowerBound + limit))
        return BlobBytes {
            let source = SourceBox(bytes)
            return {
                if let buffer = try await source.next() { return buffer }
                throw StoreError.corrupt("\(name) cannot be read on")
            }
        }
    }

    func withLocalFile<Result: Sendable>(
        _ name: BlobName, _ body: (String) async throws -> Result
    ) async throws -> Result {
        try await store.withLocalFile(name, body)
    }

    func delete(_ names: [BlobName]) async throws { try await store.delete(names) }

    func list(_ visit: ([StoredBlobEntry]) async throws -> Void) async throws { try await store.list(visit) }

    func availableBytes() async throws -> Int64? { try await store.availableBytes() }

    /// Every blob's name.
    func names() async throws -> [BlobName] {
        var names: [BlobName] = []
        try await list { names += $0.map(\.name) }
        return names
    }

    /// A blob's bytes.
    func contents(_ name: BlobName, size: Int64) async throws -> ByteBuffer {
        var contents = ByteBuffer()
        for try await buffer in try await store.read(name, range: 0..<size) { contents.writeImmutableBuffer(buffer) }
        return contents
    }
}

private final class MeasuredWriter: BlobWriter {
    private let next: any BlobWriter
    private(set) var largest = 0

    init(_ next: any BlobWriter) { self.next = next }

    func write(_ bytes: ByteBuffer) async throws {
        largest = max(largest, bytes.readableBytes)
        try await next.write(bytes)
    }
}

/// Buffers taken one after the other.
private actor SourceBox {
    private let bytes: BlobBytes
    private var taken: [ByteBuffer]?

    init(_ bytes: BlobBytes) { self.bytes = bytes }

    func next() async throws -> ByteBuffer? {
        if taken == nil {
            var all: [ByteBuffer] = []
            for try await buffer in bytes { all.append(buffer) }
            taken = all.reversed()
        }
        return taken?.popLast()
    }
}
