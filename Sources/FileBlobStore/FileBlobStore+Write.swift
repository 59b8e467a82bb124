package import MediaCore
import NIOCore
import NIOPosix
import SystemPackage

extension FileBlobStore {
    package func write(
        _ name: BlobName, _ body: (any BlobWriter) async throws -> Void
    ) async throws -> StoredBlob {
        let writer = FileBlobWriter(
            NewBlob(name, root: root, durability: durability), threadPool, blocks)
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

/// Fills blocks and writes them, one at a time.
///
/// While the thread pool writes one block the next is filled, so a writer holds at most two. Copying costs less than it
/// saves: what was copied leaves the connection's buffer free for the next read, which then is in the processor's cache,
/// and an aligned block goes to the disk without the page cache's copy, which costs more.
private final class FileBlobWriter: BlobWriter {
    private let blob: NewBlob
    private let threadPool: NIOThreadPool
    private let blocks: WriteBlocks
    /// What is being filled, and how far.
    private var block: WriteBlock?
    private var filled = 0
    /// All bytes so far.
    private var stored = StoredBlob(size: 0, crc32c: 0)
    /// What is being written.
    private var flight: (job: PoolJob<Void>, block: WriteBlock)?

    init(_ blob: NewBlob, _ threadPool: NIOThreadPool, _ blocks: WriteBlocks) {
        self.blob = blob
        self.threadPool = threadPool
        self.blocks = blocks
        blocks.enter()
    }

    deinit {
        blocks.leave()
        if let block { blocks.give(block) }
    }

    func write(_ bytes: ByteBuffer) async throws {
        var rest = bytes
        while rest.readableBytes > 0 {
            let block = try takeBlock()
            fill(block, from: &rest)
            if filled == block.size { try await takeOff() }
        }
    }

    /// Writes the rest and publishes.
    func finish() async throws -> StoredBlob {
        try await land()
        return try await threadPool.run(blob.name) { [blob, block, filled, stored] in
            if let block, filled > 0 { try blob.append(block.prefix(filled), makes: stored, isLast: true) }
            return try blob.publish()
        }
    }

    /// Waits for the block that is being written, so that nothing lands late, and leaves nothing.
    func abandon() async {
        try? await land()
        await threadPool.runAlways { [blob] in blob.discard() }
    }

    private func takeBlock() throws(StoreError) -> WriteBlock {
        if let block { return block }
        do throws(Errno) {
            let taken = try blocks.take()
            block = taken
            return taken
        } catch {
            throw StoreError(error, blob.name)
        }
    }

    private func fill(_ block: WriteBlock, from bytes: inout ByteBuffer) {
        bytes.readWithUnsafeReadableBytes { source in
            let source = UnsafeRawBufferPointer(rebasing: source.prefix(block.size - filled))
            UnsafeMutableRawBufferPointer(rebasing: block.memory[filled...]).copyMemory(from: source)
            // Now, while the bytes are in this processor's cache.
            stored = stored.appending(source)
            filled += source.count
            return source.count
        }
    }

    /// Hands the full block to the thread pool.
    private func takeOff() async throws {
        try await land()
        guard let block else { return }
        self.block = nil
        filled = 0
        let job = PoolJob(on: threadPool, blob.name) { [blob, stored] in
            try blob.append(block.prefix(block.size), makes: stored, isLast: false)
        }
        flight = (job, block)
    }

    private func land() async throws {
        guard let (job, block) = flight else { return }
        flight = nil
        defer { blocks.give(block) }
        do {
            try await job.value()
        } catch {
            // The file has a hole now: even if the body goes on, this is never published.
            await threadPool.runAlways { [blob] in blob.discard() }
            throw error
        }
    }
}
