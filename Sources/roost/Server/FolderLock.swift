import Foundation
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The lock that makes a server the only one on a data folder; the kernel frees it when the process ends, however it ends.
final class FolderLock: Sendable {
    private let descriptor: FileDescriptor

    /// Takes the lock at a path.
    ///
    /// - Parameter note: kept in the file, for whoever wants to know who holds it.
    /// - Throws: ``CommandFailure`` when another process holds it.
    init(path: String, note: String) async throws {
        let descriptor = try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        do {
            try await FolderLock.take(descriptor, path)
        } catch {
            try? descriptor.close()
            throw error
        }
        // Written over the one before, which needs no space, and only for whoever wants to know: the lock holds without.
        let note = Array(note.utf8)
        if (try? descriptor.writeAll(toAbsoluteOffset: 0, note)) != nil {
            _ = ftruncate(descriptor.rawValue, off_t(note.count))
        }
        self.descriptor = descriptor
    }

    private static func take(_ descriptor: FileDescriptor, _ path: String) async throws {
        // A command that asks who holds the lock holds it itself for a moment.
        var attempts = 10
        while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 {
            attempts -= 1
            guard attempts > 0 else {
                let holder = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                throw CommandFailure("another `roost serve` works on this data folder (\(path): boot \(holder))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    deinit { try? descriptor.close() }

    /// The note of the server that holds the lock at a path; nil when nobody holds it.
    static func holder(ofLockAt path: String) -> String? {
        guard let descriptor = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else {
            return nil
        }
        defer { try? descriptor.close() }
        if flock(descriptor.rawValue, LOCK_SH | LOCK_NB) == 0 { return nil }
        return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
