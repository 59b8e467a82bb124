import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a folder holds, for the watch over a decoder's output.
enum FolderSize {
    /// Returns the bytes of all files below a folder; each entry counts at least a page, so that many empty files count.
    ///
    /// Asks the system itself: the numbers among Foundation's file attributes have another type in programs that link
    /// all of Foundation. Blocks; entries that vanish meanwhile count nothing.
    static func measure(_ folder: String) -> Int64 {
        guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder) else { return 0 }
        return paths.reduce(0) { total, path in
            var status = stat()
            return lstat("\(folder)/\(path)", &status) == 0 ? total + max(4096, Int64(status.st_size)) : total
        }
    }
}
