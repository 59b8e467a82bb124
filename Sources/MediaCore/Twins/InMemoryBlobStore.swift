import CChecksum
import Crypto
import NIOCore
import Synchronization

/// Blobs in memory: the twin of the real stores, for tests.
///
/// It keeps every promise of ``BlobStore`` except to outlive the process.
package final class InMemoryBlobStore: BlobStore {
    private let blobs = Mutex<[BlobName: ByteBuffer]>([:])
    private let capacity: Int64?

    /// Makes an empty store.
    ///
    /// - Parameter capacity: bytes it can hold before it throws ``StoreError/full``; nil for no bound.
    package init(capacity: Int64? = nil) { self.capacity = capacity }

    package func write(
        _ name: BlobName, _ body: (any BlobWriter) async throws -> Void
    ) async throws -> StoredBlob {
        let writer = MemoryWriter()
        try await body(writer)
        try Task.checkCancellation()
        return try store(writer.bytes, as: name)
    }

    package func compose(_ parts: [BlobPart], into name: BlobName) async throws -> ComposedBlob {
        var whole = ByteBuffer()
        var digest = SHA256()
        for (index, part) in parts.enumerated() {
            try Task.checkCancellation()
            guard let bytes = blobs.withLock({ $0[part.name] }) else { throw BlobMismatch(part: index, found: nil) }
            let found = StoredBlob(of: bytes)
            guard found == part.stored else { throw BlobMismatch(part: index, found: found) }
            bytes.withUnsafeReadableBytes { digest.update(bufferPointer: $0) }
            whole.writeImmutableBuffer(bytes)
        }
        return ComposedBlob(stored: try store(whole, as: name), sha256: hexadecimal(digest.finalize()))
    }

    package func adopt(_ files: [FinishedFile]) async throws -> [StoredBlob] {
        var contents: [ByteBuffer] = []
        for file in files { contents.append(try await LocalFiles.contents(of: file.path)) }
        try Task.checkCancellation()
        try store(contents, as: files.map(\.name))
        for file in files { await LocalFiles.remove(file.path) }
        return contents.map(StoredBlob.init(of:))
    }

    package func read(_ name: BlobName, range: Range<Int64>) async throws -> BlobBytes {
        guard let bytes = blobs.withLock({ $0[name] }) else { throw StoreError.notFound }
        return BlobBytes {
            let position = Position(range.lowerBound)
            return {
                try Task.checkCancellation()
                let start = position.offset.load(ordering: .relaxed)
                let wanted = min(range.upperBound - start, 256 << 10)
                guard wanted > 0 else { return nil }
                guard let slice = bytes.getSlice(at: Int(start), length: Int(wanted)) else {
                    throw StoreError.corrupt("\(name) ends at \(bytes.readableBytes), before \(range.upperBound)")
                }
                position.offset.store(start + wanted, ordering: .relaxed)
                return slice
            }
        }
    }

    package func withLocalFile<Result: Sendable>(
        _ name: BlobName, _ body: (_ path: String) async throws -> Result
    ) async throws -> Result {
        guard let bytes = blobs.withLock({ $0[name] }) else { throw StoreError.notFound }
        let path = try await LocalFiles.make(bytes)
        do {
            let result = try await body(path)
            await LocalFiles.remove(path)
            return result
        } catch {
            await LocalFiles.remove(path)
            throw error
        }
    }

    package func delete(_ names: [BlobName]) async throws {
        blobs.withLock { blobs in
            for name in names { blobs[name] = nil }
        }
    }

    package func list(_ visit: ([StoredBlobEntry]) async throws -> Void) async throws {
        let entries = blobs.withLock { blobs in
            blobs.map { StoredBlobEntry(name: $0.key, size: Int64($0.value.readableBytes)) }
        }
        for start in stride(from: 0, to: entries.count, by: 512) {
            try Task.checkCancellation()
            try await visit(Array(entries[start..<min(start + 512, entries.count)]))
        }
    }

    package func availableBytes() async throws -> Int64? {
        capacity.map { capacity in blobs.withLock { capacity - Self.bytes(of: $0) } }
    }

    private func store(_ bytes: ByteBuffer, as name: BlobName) throws(StoreError) -> StoredBlob {
        try store([bytes], as: [name])
        return StoredBlob(of: bytes)
    }

    /// All of them or none.
    private func store(_ contents: [ByteBuffer], as names: [BlobName]) throws(StoreError) {
        try blobs.withLock { blobs throws(StoreError) in
            for name in names where blobs[name] != nil { throw .unavailable("\(name): File exists") }
            let added = contents.reduce(0) { $0 + Int64($1.readableBytes) }
            if let capacity, Self.bytes(of: blobs) + added > capacity { throw .full }
            for (name, bytes) in zip(names, contents) { blobs[name] = bytes }
        }
    }

    private static func bytes(of blobs: [BlobName: ByteBuffer]) -> Int64 {
        blobs.values.reduce(0) { $0 + Int64($1.readableBytes) }
    }
}

private final class MemoryWriter: BlobWriter {
    private(set) var bytes = ByteBuffer()

    func write(_ bytes: ByteBuffer) async throws { self.bytes.writeImmutableBuffer(bytes) }
}

private final class Position: Sendable {
    let offset: Atomic<Int64>

    init(_ offset: Int64) { self.offset = Atomic(offset) }
}

extension StoredBlob {
    /// Length and checksum of bytes in memory.
    fileprivate init(of bytes: ByteBuffer) {
        let crc = bytes.withUnsafeReadableBytes { roost_crc32c(0, $0.baseAddress, $0.count) }
        self.init(size: Int64(bytes.readableBytes), crc32c: crc)
    }
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
