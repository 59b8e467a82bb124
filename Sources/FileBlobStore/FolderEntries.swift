import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The names in a folder, read with `readdir`; owns the folder.
struct FolderEntries: ~Copyable {
    /// The folder, for its entries' status.
    let folder: Descriptor
    private let stream: Stream

    #if canImport(Darwin)
        private typealias Stream = UnsafeMutablePointer<DIR>
    #else
        private typealias Stream = OpaquePointer
    #endif

    init(of folder: Descriptor) throws(Errno) {
        self.folder = folder
        guard let stream = fdopendir(folder.rawValue) else {
            let error = Errno(rawValue: errno)
            folder.discard()
            throw error
        }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The next name, in no order; nil at the end.
    mutating func next() throws(Errno) -> String? {
        errno = 0
        guard let entry = readdir(stream) else {
            guard errno == 0 else { throw Errno(rawValue: errno) }
            return nil
        }
        return withUnsafeBytes(of: &entry.pointee.d_name) { name in
            String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
