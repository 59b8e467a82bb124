import CProcessMemory
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// How the process uses memory.
enum ProcessMemory {
    /// Few heaps instead of one for each of some thirty threads, each of which keeps what it was given once; to be called
    /// before there are threads.
    ///
    /// What uploads need again and again is kept by those who need it, so the heaps are not contended.
    static func configure() {
        roost_limit_heaps(2)
    }

    /// Forgets the code that was mapped so far: most of it, some 30 MiB, only the start needed.
    ///
    /// What is still needed comes back page by page from the system's cache of the files (madvise(2), MADV_DONTNEED).
    /// Only mappings that cannot be written to are touched, so nothing that the process changed is lost.
    static func forgetCode() {
        #if canImport(Glibc)
            // To its end: the kernel gives a page at a time, and tells no size before.
            let file = FileHandle(forReadingAtPath: "/proc/self/maps")
            var bytes = Data()
            while let more = try? file?.read(upToCount: 4096), !more.isEmpty { bytes += more }
            let maps = String(decoding: bytes, as: UTF8.self)
            // 7f0000000000-7f0000001000 r-xp 00000000 fe:00 1234 /usr/lib/…
            for line in maps.split(separator: "\n") {
                let fields = line.split(separator: " ", omittingEmptySubsequences: true)
                guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
                let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
                _ = madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
            }
        #endif
    }
}
