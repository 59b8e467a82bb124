package import MediaCore
import NIOPosix
import Synchronization
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension FileBlobStore {
    package func adopt(_ files: [FinishedFile]) async throws -> [StoredBlob] {
        let adoption = Adoption(files, into: root, durability)
        do {
            while true {
                try Task.checkCancellation()
                if let stored = try await threadPool.run("adopt", { try adoption.advance() }) { return stored }
            }
        } catch {
            await threadPool.runAlways { adoption.undo() }
            throw error
        }
    }
}

/// Files becoming blobs.
///
/// Each is read once for its checksum, synchronized, and gets the blob's name; where it cannot (another file system, no
/// links), a copy of it does. Then the folders are synchronized, each once. The lock is never contended: one job at a time works.
private final class Adoption: Sendable {
    /// A file whose bytes are being counted.
    private struct Source {
        let file: Descriptor
        var read = StoredBlob(size: 0, crc32c: 0)
        /// The copy, where the file itself cannot become the blob.
        var copy: NewBlob?
    }

    private struct State {
        var done: [StoredBlob] = []
        var source: Source?
    }

    private let files: [FinishedFile]
    private let root: Descriptor
    private let durability: Durability
    private let state = Mutex(State())

    /// Bytes of one job, so that one large file does not hold a thread and can be cancelled.
    private static let stepBytes: Int64 = 16 << 20
    /// Bytes read at once: they stay in the processor's cache.
    private static let blockBytes = 256 << 10

    init(_ files: [FinishedFile], into root: Descriptor, _ durability: Durability) {
        self.files = files
        self.root = root
        self.durability = durability
    }

    /// Does the next step; gives all that was stored when that was the last.
    func advance() throws -> [StoredBlob]? {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 4096)
        defer { block.deallocate() }
        return try state.withLock { state in
            var left = Self.stepBytes
            while state.done.count < files.count {
                guard left > 0 else { return nil }
                let file = files[state.done.count]
                do {
                    left -= try step(&state, file, through: block)
                } catch let error as Errno {
                    throw StoreError(error, file.path)
                }
            }
            try synchronizeFolders()
            // They may stay: a scratch folder is emptied anyway.
            for file in files { try? Descriptor.removeFile(at: file.path) }
            return state.done
        }
    }

    /// Nothing is left of what was not finished.
    func undo() {
        state.withLock { state in
            state.source?.file.discard()
            state.source?.copy?.discard()
            state.source = nil
            for file in files.prefix(state.done.count) { try? root.remove(BlobLayout.path(of: file.name)) }
            state.done = []
        }
    }

    /// Reads a block of a file; at its end the file becomes the blob.
    private func step(
        _ state: inout State, _ file: FinishedFile, through block: UnsafeMutableRawBufferPointer
    ) throws -> Int64 {
        var source = try state.source ?? open(file, &state)
        let count = try source.file.read(into: block, at: source.read.size)
        let bytes = UnsafeRawBufferPointer(rebasing: block[..<count])
        try source.copy?.append(bytes)
        source.read = source.read.appending(bytes)
        state.source = source
        guard count < block.count else { return Int64(count) }
        if let copy = source.copy {
            _ = try copy.publish()
        } else if try !link(source.file, file) {
            // Once more from the beginning, into a copy.
            state.source?.copy = NewBlob(file.name, root: root, durability: durability)
            state.source?.read = StoredBlob(size: 0, crc32c: 0)
            return Int64(count)
        }
        source.file.discard()
        state.source = nil
        state.done.append(source.read)
        return Int64(count)
    }

    private func open(_ file: FinishedFile, _ state: inout State) throws(Errno) -> Source {
        let source = Source(file: try Descriptor.open(file.path, O_RDONLY | O_NONBLOCK))
        // Known to `undo()` before anything else can throw.
        state.source = source
        guard try source.file.status().isRegular else { throw Errno.invalidArgument }
        return source
    }

    /// The file gets the blob's name; false where it cannot.
    ///
    /// Its folder is not synchronized yet.
    private func link(_ source: Descriptor, _ file: FinishedFile) throws(Errno) -> Bool {
        try source.makePrivate()
        if durability == .full { try source.synchronizeData() }
        let folder = try Descriptor.openFolder(BlobLayout.folder(of: file.name), in: root)
        defer { folder.discard() }
        return try folder.link(fileAt: file.path, as: BlobLayout.fileName(of: file.name))
    }

    private func synchronizeFolders() throws {
        guard durability == .full else { return }
        // The renditions of a media lie in one folder.
        for path in Set(files.map { BlobLayout.folder(of: $0.name) }) {
            let folder = try Descriptor.openFolder(path, in: root)
            defer { folder.discard() }
            try folder.synchronize()
        }
    }
}
