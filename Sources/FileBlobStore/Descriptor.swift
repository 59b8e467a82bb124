import CFileOperations
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// An open file or folder; whoever opened it closes it.
///
/// Every call blocks, so it belongs on the thread pool. A call that a signal interrupted is made again.
struct Descriptor: Sendable {
    let rawValue: Int32

    /// What `fstat` says.
    struct Status {
        /// Bytes.
        let size: Int64
        /// The unit in which the file system gives out space.
        let blockSize: Int64
        /// Not a folder, link, socket, device.
        let isRegular: Bool

        fileprivate init(_ status: stat) {
            size = Int64(status.st_size)
            blockSize = Int64(status.st_blksize)
            isRegular = status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// Opens `path`, below `folder` if there is one; never follows a link in the last component.
    static func open(_ path: String, in folder: Descriptor? = nil, _ flags: Int32) throws(Errno) -> Descriptor {
        let parent = folder?.rawValue ?? AT_FDCWD
        return Descriptor(rawValue: try call { openat(parent, path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) })
    }

    static func openFolder(_ path: String, in folder: Descriptor? = nil) throws(Errno) -> Descriptor {
        try open(path, in: folder, O_RDONLY | O_DIRECTORY)
    }

    /// Closes the file; an error that the file system had kept back (quota, network file system) comes now.
    func close() throws(Errno) {
        // After EINTR Linux has closed the descriptor; another try could close a stranger's.
        guard systemClose(rawValue) == 0 || errno == EINTR else { throw Errno(rawValue: errno) }
    }

    /// Closes a descriptor that was only read, or whose file is thrown away.
    func discard() { _ = systemClose(rawValue) }

    func status() throws(Errno) -> Status {
        var status = stat()
        try Self.call { fstat(rawValue, &status) }
        return Status(status)
    }

    /// The status of an entry of this folder.
    func status(of entry: String) throws(Errno) -> Status {
        var status = stat()
        try Self.call { fstatat(rawValue, entry, &status, AT_SYMLINK_NOFOLLOW) }
        return Status(status)
    }

    /// Fills `bytes` from `offset` on; returns less than there is room for only at the end of the file.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int64) throws(Errno) -> Int {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
            let count = try Self.call { pread(rawValue, rest.baseAddress, rest.count, off_t(offset) + off_t(done)) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Writes all of the bytes from `offset` on.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(Errno) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = try Self.call { pwrite(rawValue, rest.baseAddress, rest.count, off_t(offset) + off_t(done)) }
            // "Cannot happen" for a regular file; without this line a strange file system would make it a busy loop.
            guard count > 0 else { throw Errno.ioError }
            done += count
        }
    }

    /// Lets writes go past the page cache, or through it again.
    ///
    /// - Throws: `.invalidArgument` or `.notSupported` where the file system cannot.
    func setDirect(_ isDirect: Bool) throws(Errno) {
        try Self.call { roost_set_direct(rawValue, isDirect ? 1 : 0) }
    }

    /// The data, and what is needed to find it, are on the disk (fdatasync).
    func synchronizeData() throws(Errno) {
        #if canImport(Darwin)
            try Self.call { fcntl(rawValue, F_FULLFSYNC) }
        #else
            try Self.call { fdatasync(rawValue) }
        #endif
    }

    /// Everything is on the disk, for a folder: its entries (fsync).
    func synchronize() throws(Errno) { try Self.call { fsync(rawValue) } }

    /// Hints that the range will be synchronized soon.
    func startWriting(_ range: Range<Int64>) {
        roost_start_writing(rawValue, range.lowerBound, range.upperBound - range.lowerBound)
    }

    /// Shares all blocks of `source` at `offset`; false where the file system cannot.
    func clone(_ source: Descriptor, at offset: Int64) throws(Errno) -> Bool {
        switch roost_clone_file(source.rawValue, rawValue, offset) {
        case 0: return true
        case ENOSPC: throw Errno.noSpace
        case EDQUOT: throw Errno(rawValue: EDQUOT)
        default: return false  // copying finds out whether anything else is wrong
        }
    }

    /// Makes a folder for the owner alone in this folder; one that is there already is fine.
    func makeFolder(_ path: String) throws(Errno) {
        do { try Self.call { mkdirat(rawValue, path, 0o700) } } catch Errno.fileExists {}
    }

    /// Takes an entry out of this folder; one that is gone already is fine.
    func remove(_ entry: String) throws(Errno) {
        do { try Self.call { unlinkat(rawValue, entry, 0) } } catch Errno.noSuchFileOrDirectory {}
    }

    /// Takes away the file at `path`.
    static func removeFile(at path: String) throws(Errno) { try call { unlink(path) } }

    /// Gives the file at `path`, below `folder` if there is one, a second name in this folder, which must not be taken.
    ///
    /// - Returns: false where the file cannot have two names there: another file system, or one that has no links.
    func link(fileAt path: String, in folder: Descriptor? = nil, as entry: String) throws(Errno) -> Bool {
        do {
            try Self.call { linkat(folder?.rawValue ?? AT_FDCWD, path, rawValue, entry, 0) }
            return true
        } catch Errno.improperLink, Errno.notPermitted, Errno.tooManyLinks, Errno.notSupported {
            return false
        }
    }

    /// Takes every permission from others.
    func makePrivate() throws(Errno) { try Self.call { fchmod(rawValue, 0o600) } }

    /// Bytes that may still be written by this process.
    func availableBytes() throws(Errno) -> Int64 {
        var status = statvfs()
        try Self.call { fstatvfs(rawValue, &status) }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    @discardableResult
    private static func call<Count: FixedWidthInteger>(_ body: () -> Count) throws(Errno) -> Count {
        while true {
            let result = body()
            if result >= 0 { return result }
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
    }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
