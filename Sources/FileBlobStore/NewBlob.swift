import MediaCore
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

    /// How bytes get into the file.
    private enum Mode {
        /// To be found out with the first block.
        case undecided
        /// From the block to the disk.
        case direct
        /// Through the page cache.
        case cached
    }

    private struct State {
        var file: File?
        var mode: Mode
        var stored = StoredBlob(size: 0, crc32c: 0)
        var isClosed = false
    }

    let name: BlobName
    private let root: Descriptor
    private let durability: Durability
    private let state: Mutex<State>

    init(_ name: BlobName, root: Descriptor, durability: Durability) {
        self.name = name
        self.root = root
        self.durability = durability
        state = Mutex(State(mode: durability == .full ? .undecided : .cached))
    }

    /// Writes the bytes after what is there already.
    ///
    /// With full durability whole blocks go to the disk at once, past the page cache: the sync at the end then finds
    /// nothing to write, and the processor copies nothing. A blob that fits into one block goes through the page cache,
    /// where whoever judges it next finds it.
    ///
    /// - Parameters:
    ///   - bytes: in a ``WriteBlock``, from its beginning on; all of it unless they are the last.
    ///   - stored: length and checksum with these bytes.
    ///   - isLast: whether no bytes follow.
    func append(_ bytes: UnsafeRawBufferPointer, makes stored: StoredBlob, isLast: Bool) throws {
        try state.withLock { state in
            let file = try open(&state)
            let offset = state.stored.size
            var written = 0
            if state.mode == .direct || state.mode == .undecided && !isLast {
                written = try appendDirectly(bytes, to: file, &state)
            }
            if written < bytes.count {
                if state.mode == .direct {
                    try file.setDirect(false)
                    state.mode = .cached
                }
                try file.write(UnsafeRawBufferPointer(rebasing: bytes[written...]), at: offset + Int64(written))
            }
            state.stored = stored
        }
    }

    /// Writes as much as direct I/O takes.
    ///
    /// - Returns: how many bytes those are.
    private func appendDirectly(
        _ bytes: UnsafeRawBufferPointer, to file: Descriptor, _ state: inout State
    ) throws -> Int {
        let count = bytes.count / WriteBlock.alignment * WriteBlock.alignment
        guard count > 0 else { return 0 }
        do {
            if state.mode == .undecided {
                try file.setDirect(true)
                state.mode = .direct
            }
            try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]), at: state.stored.size)
            return count
        } catch Errno.invalidArgument, Errno.notSupported {
            // The file system cannot, or not with this alignment, or not go on where a short write ended: all of it again.
            if state.mode == .undecided { state.mode = .cached }
            return 0
        }
    }

    /// Writes the bytes after what is there already; only counts them if a clone put them there.
    func append(_ bytes: UnsafeRawBufferPointer, cloned: Bool = false) throws {
        try state.withLock { state in
            let file = try open(&state)
            let stored = state.stored.appending(bytes)
            if !cloned {
                try file.write(bytes, at: state.stored.size)
                // Gigabytes may follow: the sync at the end would hold a thread for as long as they take to write.
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

    /// The file of another blob becomes this one's too; false if the file system cannot do it.
    ///
    /// - Parameters:
    ///   - source: the other blob, open; closed by this one when it took it.
    ///   - path: the other blob's, below the root.
    ///   - stored: what it holds.
    func take(_ source: Descriptor, at path: String, _ stored: StoredBlob) throws -> Bool {
        try state.withLock { state in
            let folder = try Descriptor.openFolder(BlobLayout.folder(of: name), in: root)
            do {
                guard try folder.link(fileAt: path, in: root, as: BlobLayout.fileName(of: name)) else {
                    folder.discard()
                    return false
                }
            } catch {
                folder.discard()
                throw error
            }
            state.file = File(folder: folder, file: source)
            state.stored = stored
            return true
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
