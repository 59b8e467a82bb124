import MediaCore
import MediaRules
import NIOPosix
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A local file as a byte source.
///
/// Reading blocks: for a thread of the pool only.
struct FileByteSource: ByteSource {
    private let descriptor: FileDescriptor
    let size: Int64

    /// Opens a file for the time of `body`.
    ///
    /// What a decoder put there may be a link to another file, or a pipe whose opening waits for ever: neither is opened.
    static func withFile<Result>(_ path: String, _ body: (FileByteSource) throws -> Result) throws -> Result {
        let descriptor = try FileDescriptor.open(
            FilePath(path), .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
        return try descriptor.closeAfter {
            var status = stat()
            guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw Errno.invalidArgument
            }
            return try body(FileByteSource(descriptor: descriptor, size: Int64(status.st_size)))
        }
    }

    /// What opening says when there is nothing, a link, a pipe, a folder, or a file that was made unreadable.
    fileprivate static let noPlainFile: Set<Errno> = [
        .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels, .noSuchAddressOrDevice, .invalidArgument,
        .permissionDenied,
    ]

    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let wanted = Int(min(Int64(count), size - offset))
        return try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let read = try descriptor.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
                if read == 0 { return }
                filled += read
            }
        }
    }
}

extension NIOThreadPool {
    /// Does file work on a thread of the pool.
    ///
    /// - Throws: `unavailable` when a file of ours cannot be read, `cancelled` when the pool is gone.
    func withFile<Result: Sendable>(
        _ path: String, _ body: @escaping @Sendable (FileByteSource) throws -> Result
    ) async throws(ProcessingError) -> Result {
        do {
            return try await runIfActive { try FileByteSource.withFile(path, body) }
        } catch let error as ProcessingError {
            throw error
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .unavailable("cannot read \(path): \(error)")
        }
    }

    /// Returns a plain file's size, nil when a decoder left none there, or something else.
    ///
    /// - Throws: `unavailable` when that cannot be found out, which says nothing about the media; `cancelled`.
    func size(of path: String) async throws(ProcessingError) -> Int64? {
        do {
            return try await runIfActive { try FileByteSource.withFile(path) { $0.size } }
        } catch let error as Errno where FileByteSource.noPlainFile.contains(error) {
            return nil
        } catch let error as Errno {
            throw .unavailable("cannot look at \(path): \(error)")
        } catch {
            throw .cancelled
        }
    }

    /// Whether the disk of a folder is full or nearly so.
    func isShortOfSpace(in folder: String) async throws(ProcessingError) -> Bool {
        do {
            return try await runIfActive { FreeSpace.isShort(in: folder) }
        } catch {
            throw .cancelled
        }
    }
}
