import SystemPackage

#if canImport(Darwin)
    import Darwin
    private let mapAnonymous = MAP_ANON
#elseif canImport(Musl)
    import Musl
    private let mapAnonymous = MAP_ANONYMOUS
#else
    import Glibc
    private let mapAnonymous = MAP_ANONYMOUS
#endif

/// Memory for bytes on their way into a file, aligned so that the disk can take them from there.
///
/// One at a time uses it: the writer that fills it, then the job that writes it, then the next writer. Handing over is
/// ordered by the locks of the job and of ``WriteBlocks``, so that nobody sees it half filled.
final class WriteBlock: Sendable {
    /// What Linux asks of addresses, offsets and lengths of direct I/O: the unit of the disk, 512 or 4096 (open(2)).
    static let alignment = 4096

    /// The memory; its size is a multiple of the alignment.
    nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

    /// Makes a block, of pages that go back to the system with it: in a heap, blocks of many sizes would leave gaps.
    ///
    /// - Parameter size: bytes, a multiple of the alignment.
    /// - Throws: `.noMemory`.
    init(size: Int) throws(Errno) {
        let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | mapAnonymous, -1, 0)
        guard let pages, pages != MAP_FAILED else { throw Errno(rawValue: errno) }
        memory = UnsafeMutableRawBufferPointer(start: pages, count: size)
    }

    deinit { munmap(memory.baseAddress, memory.count) }

    /// Bytes.
    var size: Int { memory.count }

    /// The first bytes.
    func prefix(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
}
