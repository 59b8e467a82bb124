#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Whether a disk is as full as a decoder says.
///
/// "No space left" puts a job back for as long as it takes, so a decoder that a file has taken over is not believed: a
/// full disk can be seen from here.
enum FreeSpace {
    /// Bytes below which a failed write is no surprise: what a decoder was about to write is gone again by the time we
    /// look, or other jobs have freed something.
    private static let little: UInt64 = 256 << 20

    /// Whether few bytes are left where a folder is; also when that cannot be found out.
    ///
    /// Blocks for a file lookup.
    static func isShort(in folder: String) -> Bool {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return true }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < little
    }
}
