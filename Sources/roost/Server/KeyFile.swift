import Foundation
import MediaCore
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The file `secret.key` in the data folder: the key with which secrets are sealed that must be read again.
///
/// Whoever has the catalog without it has no secret.
enum KeyFile {
    /// The sealer with the folder's key, which is made, for its owner alone, when there is none.
    ///
    /// - Throws: ``CommandFailure`` when the file is damaged, or others could read it.
    static func sealer(in folder: DataFolder) throws -> SecretSealer {
        let path = FilePath(folder.keyPath)
        do {
            if let key = try read(path) { return try sealer(key, path) }
            try make(path)
            guard let key = try read(path) else { throw CommandFailure("\(path) was removed") }
            return try sealer(key, path)
        } catch let error as Errno {
            throw CommandFailure("\(path) cannot be used: \(error)")
        }
    }

    private static func sealer(_ key: [UInt8], _ path: FilePath) throws -> SecretSealer {
        guard let sealer = SecretSealer(key: key) else {
            throw CommandFailure("\(path) has \(key.count) bytes, not \(SecretSealer.keySize)")
        }
        return sealer
    }

    /// The bytes; nil when there is no file.
    private static func read(_ path: FilePath) throws -> [UInt8]? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
        return try file.closeAfter {
            var facts = stat()
            guard fstat(file.rawValue, &facts) == 0 else { throw Errno(rawValue: errno) }
            guard facts.st_mode & 0o077 == 0 else {
                throw CommandFailure("\(path) can be read by others; `chmod 600` it if nobody has")
            }
            return try Array(unsafeUninitializedCapacity: SecretSealer.keySize + 1) { buffer, count in
                count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    /// Makes a file with a new key under another name and gives it this one when nobody was first, so that nobody ever
    /// reads half a key; both are on the disk when this returns.
    private static func make(_ path: FilePath) throws {
        var random = SystemRandomNumberGenerator()
        let key = (0..<SecretSealer.keySize).map { _ in UInt8.random(in: 0...255, using: &random) }
        let draft = path.removingLastComponent().appending("secret.key.\(getpid())")
        let file = try FileDescriptor.open(
            draft, .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow], permissions: .ownerReadWrite)
        defer { unlink(draft.string) }
        try file.closeAfter {
            try file.writeAll(key)
            guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        if link(draft.string, path.string) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
        let folder = try FileDescriptor.open(
            path.removingLastComponent(), .readOnly, options: [.directory, .closeOnExec])
        try folder.closeAfter {
            guard fsync(folder.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }
}
