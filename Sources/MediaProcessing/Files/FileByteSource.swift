import MediaCore
import MediaRules
import NIOPosix
import SystemPackage

/// A local file as a byte source.
///
/// Reading blocks: for a thread of the pool only.
struct FileByteSource: ByteSource {
    private let descriptor: FileDescriptor
    let size: Int64

    /// Opens a file for the time of `body`.
    static func withFile<Result>(_ path: String, _ body: (FileByteSource) throws -> Result) throws -> Result {
        let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
        return try descriptor.closeAfter {
            try body(FileByteSource(descriptor: descriptor, size: descriptor.seek(offset: 0, from: .end)))
        }
    }

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

    /// Returns a file's size, nil when there is none.
    func size(of path: String) async throws(ProcessingError) -> Int64? {
        do {
            return try await runIfActive { try? FileByteSource.withFile(path) { $0.size } }
        } catch {
            throw .cancelled
        }
    }
}
