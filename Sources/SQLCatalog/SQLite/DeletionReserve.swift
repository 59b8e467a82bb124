import Dispatch
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file of zeros beside the database that is given up when the disk is full, so that deleting goes on.
///
/// To delete rows SQLite first writes pages to its log ("the WAL file … grows", https://www.sqlite.org/wal.html), so on a full
/// disk nothing could be deleted that would make room. Only deletions take the file away; once they have made room it
/// comes back.
final class DeletionReserve: Sendable {
    /// The file's size: the log's growth by some dozens of deletions, each of which frees its media's bytes.
    static let bytes: Int64 = 2 << 20
    /// The file is not made when less than this would be left.
    private static let leastLeft: UInt64 = 8 << 20

    private let path: String
    private let lastLook = Mutex<ContinuousClock.Instant?>(nil)

    /// A reserve at a path; there is none until ``restore()``.
    init(path: String) { self.path = path }

    /// Gives the room back to the disk; false when there was none.
    func release() async -> Bool {
        await blocking { [path] in unlink(path) == 0 }
    }

    /// Takes the room if there is plenty; looks at most once a second.
    func restore() async {
        let isDue = lastLook.withLock { last in
            if let last, .now - last < .seconds(1) { return false }
            last = .now
            return true
        }
        if isDue { await blocking { [path] in Self.make(at: path) } }
    }

    private static func make(at path: String) {
        var status = stat()
        if stat(path, &status) == 0, Int64(status.st_blocks) * 512 >= bytes { return }
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 || statvfs(folder(of: path), &disk) == 0,
            UInt64(disk.f_bavail) * UInt64(disk.f_frsize) >= leastLeft + UInt64(bytes)
        else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        // Written, not only promised: a file with a hole takes no room.
        let zeros = [UInt8](repeating: 0, count: 64 << 10)
        var offset: Int64 = 0
        while offset < bytes {
            let count = pwrite(descriptor, zeros, zeros.count, off_t(offset))
            guard count > 0 else { break }
            offset += Int64(count)
        }
        close(descriptor)
        // Half of it is of no use, and somebody else may need the room.
        if offset < bytes { unlink(path) }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private func blocking<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}
