package import MediaCore
import NIOCore
import NIOPosix
import Synchronization
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension FileBlobStore {
    package func read(_ name: BlobName, range: Range<Int64>) async throws -> BlobBytes {
        let file = try await threadPool.run(name) { [root, threadPool] in
            OpenBlob(name, try Descriptor.open(BlobLayout.path(of: name), in: root, O_RDONLY), threadPool)
        }
        return BlobBytes {
            let cursor = Cursor(range)
            return { try await cursor.next(of: file) }
        }
    }
}

/// A blob's file, open as long as somebody may read it; deleting the blob meanwhile does not disturb the reader.
private final class OpenBlob: Sendable {
    let name: BlobName
    let file: Descriptor
    let threadPool: NIOThreadPool

    init(_ name: BlobName, _ file: Descriptor, _ threadPool: NIOThreadPool) {
        self.name = name
        self.file = file
        self.threadPool = threadPool
    }

    deinit {
        // Closing the last descriptor of a deleted file frees its blocks, which takes a while.
        threadPool.submit { [file] _ in file.discard() }
    }
}

/// How far one consumer has read.
private final class Cursor: Sendable {
    private let position: Atomic<Int64>
    private let end: Int64

    init(_ range: Range<Int64>) {
        position = Atomic(range.lowerBound)
        end = range.upperBound
    }

    func next(of blob: OpenBlob) async throws -> ByteBuffer? {
        try Task.checkCancellation()
        let start = position.load(ordering: .relaxed)
        let wanted = Int(min(end - start, 256 << 10))
        guard wanted > 0 else { return nil }
        let buffer = try await blob.threadPool.run(blob.name) {
            var buffer = ByteBufferAllocator().buffer(capacity: wanted)
            try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { bytes in
                try blob.file.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<wanted]), at: start)
            }
            return buffer
        }
        guard buffer.readableBytes == wanted else {
            throw StoreError.corrupt("\(blob.name) ends at \(start + Int64(buffer.readableBytes)), before \(end)")
        }
        position.store(start + Int64(wanted), ordering: .relaxed)
        return buffer
    }
}
