/// Memory for bytes on their way into a file, aligned so that the disk can take them from there.
///
/// One at a time uses it: the writer that fills it, then the job that writes it, then the next writer. Handing over is
/// ordered by the locks of the job and of ``WriteBlocks``, so that nobody sees it half filled.
final class WriteBlock: Sendable {
    /// What Linux asks of addresses, offsets and lengths of direct I/O: the unit of the disk, 512 or 4096 (open(2)).
    static let alignment = 4096

    /// The memory; its size is a multiple of the alignment.
    nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

    /// Makes a block.
    ///
    /// - Parameter size: bytes, a multiple of the alignment.
    init(size: Int) {
        memory = .allocate(byteCount: size, alignment: Self.alignment)
    }

    deinit { memory.deallocate() }

    /// Bytes.
    var size: Int { memory.count }

    /// The first bytes.
    func prefix(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
}
