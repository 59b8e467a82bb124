package import MediaCore
import NIOCore
import NIOPosix

extension FileBlobStore {
    package func write(
        _ name: BlobName, _ body: (any BlobWriter) async throws -> Void
    ) async throws -> StoredBlob {
        let writer = FileBlobWriter(NewBlob(name, root: root, durability: durability), threadPool)
        do {
            try await body(writer)
            try Task.checkCancellation()
            return try await writer.finish()
        } catch {
            await writer.abandon()
            throw error
        }
    }
}

/// Gathers buffers and writes them in batches, one batch at a time.
///
/// While the thread pool writes one batch the next is gathered, so a writer holds at most two. Buffers are passed on as
/// they came: joining them would cost a copy of every byte.
private final class FileBlobWriter: BlobWriter {
    private let blob: NewBlob
    private let threadPool: NIOThreadPool
    private var gathered: [ByteBuffer] = []
    private var gatheredBytes = 0
    private var flight: PoolJob<Void>?

    /// Bytes that make a batch.
    ///
    /// With 512 KiB and more, eight writers measured a third slower (what was gathered has left the processor's cache
    /// when it is written), and 64 writers would hold 64 MiB; 128 to 256 KiB measured alike.
    private static let batchBytes = 192 << 10
    /// Buffers that make a batch, however small they are: what one `pwritev` takes.
    private static let batchBuffers = 1024

    init(_ blob: NewBlob, _ threadPool: NIOThreadPool) {
        self.blob = blob
        self.threadPool = threadPool
    }

    func write(_ bytes: ByteBuffer) async throws {
        guard bytes.readableBytes > 0 else { return }
        // A few bytes of a large buffer would keep all of it in memory; the bound counts bytes, so those are copied.
        let isMostlyOther = bytes.readableBytes < bytes.storageCapacity / 4
        gathered.append(isMostlyOther ? ByteBuffer(bytes: bytes.readableBytesView) : bytes)
        gatheredBytes += bytes.readableBytes
        guard gatheredBytes >= Self.batchBytes || gathered.count >= Self.batchBuffers else { return }
        try await land()
        let batch = takeGathered()
        flight = PoolJob(on: threadPool, blob.name) { [blob] in try blob.append(batch) }
    }

    /// Writes the rest and publishes.
    func finish() async throws -> StoredBlob {
        try await land()
        let rest = takeGathered()
        return try await threadPool.run(blob.name) { [blob] in
            if !rest.isEmpty { try blob.append(rest) }
            return try blob.publish()
        }
    }

    /// Waits for the batch that is being written, so that nothing lands late, and leaves nothing.
    func abandon() async {
        try? await land()
        gathered = []
        await threadPool.runAlways { [blob] in blob.discard() }
    }

    private func land() async throws {
        guard let flight else { return }
        self.flight = nil
        do {
            try await flight.value()
        } catch {
            // The file has a hole now: even if the body goes on, this is never published.
            await threadPool.runAlways { [blob] in blob.discard() }
            throw error
        }
    }

    private func takeGathered() -> [ByteBuffer] {
        defer {
            gathered = []
            gatheredBytes = 0
        }
        return gathered
    }
}
