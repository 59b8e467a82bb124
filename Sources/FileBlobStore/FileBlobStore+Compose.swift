import Crypto
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
    package func compose(_ parts: [BlobPart], into name: BlobName) async throws -> ComposedBlob {
        let blob = NewBlob(name, root: root, durability: durability)
        let composition = Composition(parts, into: blob, root: root)
        do {
            while true {
                try Task.checkCancellation()
                if let whole = try await threadPool.run(name, { try composition.advance() }) { return whole }
            }
        } catch {
            await threadPool.runAlways {
                composition.close()
                blob.discard()
            }
            throw error
        }
    }
}

/// The parts of a blob becoming one: a single pass that reads each byte once, checks it, hashes it and writes it.
///
/// As every byte comes by anyway, `copy_file_range` would save nothing; cloning saves writing and the space. A single part
/// is the whole already: its file gets the blob's name too, and nothing is written. Blobs never change, so the two names
/// never differ.
private final class Composition: Sendable {
    private struct Source {
        let file: Descriptor
        let isCloned: Bool
        var read = StoredBlob(size: 0, crc32c: 0)
    }

    private struct State {
        var part = 0
        var source: Source?
        var digest = SHA256()
        var mayClone = true
        /// Whether the only part's file shall be the blob's.
        var mayLink: Bool
    }

    private let parts: [BlobPart]
    private let blob: NewBlob
    private let root: Descriptor
    private let state: Mutex<State>

    /// Bytes of one job: some 10 to 30 ms, so that one large file does not hold a thread and can be cancelled.
    private static let stepBytes = 16 << 20
    /// Bytes read at once: they stay in the processor's cache until they are written.
    private static let blockBytes = 256 << 10

    init(_ parts: [BlobPart], into blob: NewBlob, root: Descriptor) {
        self.parts = parts
        self.blob = blob
        self.root = root
        state = Mutex(State(mayLink: parts.count == 1))
    }

    /// Does the next step; gives the whole when that was the last.
    func advance() throws -> ComposedBlob? {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 4096)
        defer { block.deallocate() }
        return try state.withLock { state in
            var left = Self.stepBytes
            while state.part < parts.count {
                guard left > 0 else { return nil }
                left -= try copyBlock(&state, through: block)
            }
            let stored = try blob.publish()
            return ComposedBlob(stored: stored, sha256: hexadecimal(state.digest.finalize()))
        }
    }

    /// Closes the part that is open.
    func close() {
        state.withLock { state in
            state.source?.file.discard()
            state.source = nil
        }
    }

    private func copyBlock(_ state: inout State, through block: UnsafeMutableRawBufferPointer) throws -> Int {
        var source = try state.source ?? open(&state)
        let count = try source.file.read(into: block, at: source.read.size)
        let bytes = UnsafeRawBufferPointer(rebasing: block[..<count])
        source.read = source.read.appending(bytes)
        state.digest.update(bufferPointer: bytes)
        if !state.mayLink { try blob.append(bytes, cloned: source.isCloned) }
        state.source = source
        if count < block.count {
            guard source.read == parts[state.part].stored else {
                throw BlobMismatch(part: state.part, found: source.read)
            }
            try endPart(&state, source)
        }
        return count
    }

    /// The part was read and is what it should be.
    private func endPart(_ state: inout State, _ source: Source) throws {
        if !state.mayLink {
            source.file.discard()
        } else if try !blob.take(source.file, at: BlobLayout.path(of: parts[state.part].name), source.read) {
            // Once more from the beginning, and written.
            state.mayLink = false
            state.digest = SHA256()
            state.source?.read = StoredBlob(size: 0, crc32c: 0)
            return
        }
        state.source = nil
        state.part += 1
    }

    private func open(_ state: inout State) throws -> Source {
        let file: Descriptor
        do {
            file = try Descriptor.open(BlobLayout.path(of: parts[state.part].name), in: root, O_RDONLY)
        } catch Errno.noSuchFileOrDirectory {
            throw BlobMismatch(part: state.part, found: nil)
        }
        // Known to `close()` before anything else can throw.
        state.source = Source(file: file, isCloned: false)
        guard !state.mayLink else { return Source(file: file, isCloned: false) }
        // Once refused, at an odd offset or by the file system, it would be refused again.
        if state.mayClone { state.mayClone = try blob.clone(file) }
        return Source(file: file, isCloned: state.mayClone)
    }
}

private func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
