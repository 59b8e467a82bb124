import FoundationEssentials

/// What a folder holds, for the watch over a decoder's output.
enum FolderSize {
    /// Returns the bytes of all files below a folder; each entry counts at least a page, so that many empty files count.
    ///
    /// Blocks; entries that vanish meanwhile count nothing.
    static func measure(_ folder: String) -> Int64 {
        let files = FileManager.default
        guard let paths = try? files.subpathsOfDirectory(atPath: folder) else { return 0 }
        return paths.reduce(0) { total, path in
            let attributes = try? files.attributesOfItem(atPath: "\(folder)/\(path)")
            let size = attributes?[.size] as? any BinaryInteger
            return total + max(4096, size.map { Int64($0) } ?? 0)
        }
    }
}
