#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Whether a disk takes as little as a decoder says.
///
/// "No space left" puts a job back for as long as it takes, so a decoder that a file has taken over is not believed: a
/// disk that takes nothing can be seen from here.
enum FreeSpace {
    /// Bytes below which a failed write is no surprise: what a decoder was about to write is gone again by the time we
    /// look, or other jobs have freed something.
    private static let little: UInt64 = 256 << 20
    /// What is written to find out about a quota, which free space says nothing about.
    private static let trial = 1 << 20

    /// Whether a decoder's words are about the disk that it writes to: ENOSPC, EDQUOT and EROFS as strerror(3) has them.
    static func isBlamed(in words: String) -> Bool {
        ["No space left on device", "Disk quota exceeded", "Read-only file system"].contains { words.contains($0) }
    }

    /// Whether few bytes are left where a folder is, or none can be written into it; also when that cannot be found out.
    ///
    /// Blocks for a file lookup and a small file beside the folder: what is in it, and its mode, are the decoder's.
    static func isShort(in folder: String) -> Bool {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return true }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < little || !takesFile("\(folder).trial")
    }

    private static func takesFile(_ path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer {
            close(file)
            unlink(path)
        }
        let zeros = [UInt8](repeating: 0, count: trial)
        // A quota that is met on the way ends the write early.
        return write(file, zeros, zeros.count) == zeros.count
    }
}
