import MediaCore
import NIOCore
import Synchronization
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file on its way to become a blob: ``publish()`` makes it one, ``discard()`` leaves nothing.
///
/// Every method blocks and belongs on the thread pool. The file is made by the first of them, so that a small blob costs
/// one job in all. The lock is never contended: one job at a time works on a blob.
final class NewBlob: Sendable {
    private struct File {
        let folder: Descriptor
        let file: Descriptor
    }

    private struct State {
        var file: File?
        var stored = StoredBlob(size: 0, crc32c: 0)
        var isClosed = false
    }

    let name: BlobName
    private let root: Descriptor
    private let durability: Durability
    private let state = Mutex(State())

    init(_ name: BlobName, root: Descriptor, durability: Durability) {
        self.name = name
        self.root = root
        self.durability = durability
    }

    /// Writes the buffers after what is there already, without joining them first.
    func append(_ buffers: [ByteBuffer]) throws {
        try state.withLock { state in
            let file = try open(&state)
            var stored = state.stored
            var vectors: [iovec] = []
            vectors.reserveCapacity(buffers.count)
            // The pointers stay good outside of the closures because `buffers` keeps the storage and nobody writes to it.
            try withExtendedLifetime(buffers) {
                for buffer in buffers {
                    buffer.withUnsafeReadableBytesWithStorageManagement { bytes, _ in
                        stored = stored.appending(bytes)
                        vectors.append(
                            iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count))
                    }
                }
                try file.write(&vectors, at: state.stored.size)
            }
            state.stored = stored
        }
    }

    /// Writes the bytes after what is there already; only counts them if a clone put them there.
    func append(_ bytes: UnsafeRawBufferPointer, cloned: Bool = false) throws {
        try state.withLock { state in
            let file = try open(&state)
            let stored = state.stored.appending(bytes)
            if !cloned {
                var vectors = [
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
                ]
                try file.write(&vectors, at: state.stored.size)
                // Gigabytes may follow: the sync at the end would hold a thread for as long as they take to write.
                // (Segments are too short for this; measured, it makes no difference to them.)
                if durability == .full { file.startWriting(state.stored.size..<stored.size) }
            }
            state.stored = stored
        }
    }

    /// Shares all blocks of `source` at the end of this file; false if the file system cannot do it here.
    ///
    /// The bytes count when they are appended as cloned.
    func clone(_ source: Descriptor) throws -> Bool {
        try state.withLock { state in
            let file = try open(&state)
            guard state.stored.size % (try file.status().blockSize) == 0 else { return false }
            return try file.clone(source, at: state.stored.size)
        }
    }

    /// The bytes are a blob when this returns, as durable as was asked for; nothing is there when it throws.
    ///
    /// A failed sync is final: the kernel may have dropped the pages and would call the next sync a success.
    func publish() throws -> StoredBlob {
        do {
            return try state.withLock { state in
                let file = try open(&state)
                if durability == .full { try file.synchronizeData() }
                let folder = state.file?.folder
                state.file = nil
                state.isClosed = true
                defer { folder?.discard() }
                do {
                    try file.close()
                    if durability == .full { try folder?.synchronize() }
                } catch {
                    try? folder?.remove(BlobLayout.fileName(of: name))
                    throw error
                }
                return state.stored
            }
        } catch {
            discard()
            throw error
        }
    }

    /// Nothing is left of the file, unless it was published; may be called again.
    func discard() {
        state.withLock { state in
            state.isClosed = true
            guard let file = state.file else { return }
            state.file = nil
            try? file.folder.remove(BlobLayout.fileName(of: name))
            file.file.discard()
            file.folder.discard()
        }
    }

    private func open(_ state: inout State) throws -> Descriptor {
        if let file = state.file { return file.file }
        guard !state.isClosed else { throw StoreError.unavailable("\(name) is closed") }
        do {
            let folder = try Descriptor.openFolder(BlobLayout.folder(of: name), in: root)
            do {
                let file = try Descriptor.open(
                    BlobLayout.fileName(of: name), in: folder, O_WRONLY | O_CREAT | O_EXCL)
                state.file = File(folder: folder, file: file)
                return file
            } catch {
                folder.discard()
                throw error
            }
        } catch Errno.noSuchFileOrDirectory {
            throw StoreError.unavailable("\(name): its folder was removed")
        }
    }
}
