package import MediaCore
import NIOPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension FileBlobStore {
    package func adopt(fileAt path: String, as name: BlobName) async throws -> StoredBlob {
        let source = try await threadPool.run(path) { try Descriptor.open(path, O_RDONLY | O_NONBLOCK) }
        do {
            let stored = try await link(source, at: path, as: name)
            await threadPool.runAlways { source.discard() }
            return stored
        } catch {
            await threadPool.runAlways { source.discard() }
            throw error
        }
    }

    /// The file gets the blob's name; where it cannot (another file system, no links), a copy of it does.
    private func link(_ source: Descriptor, at path: String, as name: BlobName) async throws -> StoredBlob {
        let stored = try await pass(over: source, path) { _ in }
        let isLinked = try await threadPool.run(name) { [root, durability] in
            let folder = try Descriptor.openFolder(BlobLayout.folder(of: name), in: root)
            defer { folder.discard() }
            try source.makePrivate()
            if durability == .full { try source.synchronizeData() }
            let fileName = BlobLayout.fileName(of: name)
            do {
                try folder.link(fileAt: path, as: fileName)
            } catch Errno.improperLink, Errno.notPermitted, Errno.tooManyLinks, Errno.notSupported {
                return false
            }
            do {
                if durability == .full { try folder.synchronize() }
            } catch {
                try? folder.remove(fileName)
                throw error
            }
            return true
        }
        if !isLinked { try await copy(source, path, as: name) }
        // It may stay: a scratch folder is emptied anyway.
        try? await threadPool.run(path) { try Descriptor.removeFile(at: path) }
        return stored
    }

    private func copy(_ source: Descriptor, _ path: String, as name: BlobName) async throws {
        let blob = NewBlob(name, root: root, durability: durability)
        do {
            _ = try await pass(over: source, path) { try blob.append($0) }
            _ = try await threadPool.run(name) { try blob.publish() }
        } catch {
            await threadPool.runAlways { blob.discard() }
            throw error
        }
    }

    /// Reads a file once, in steps that do not hold a thread for long.
    private func pass(
        over file: Descriptor, _ path: String, _ take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) async throws -> StoredBlob {
        var stored = StoredBlob(size: 0, crc32c: 0)
        while true {
            try Task.checkCancellation()
            let before = stored
            stored = try await threadPool.run(path) {
                guard try file.status().isRegular else { throw Errno.invalidArgument }
                let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
                defer { block.deallocate() }
                var after = before
                for _ in 0..<64 {
                    let count = try file.read(into: block, at: after.size)
                    let bytes = UnsafeRawBufferPointer(rebasing: block[..<count])
                    try take(bytes)
                    after = after.appending(bytes)
                    if count < block.count { break }
                }
                return after
            }
            if stored.size - before.size < 64 * (256 << 10) { return stored }
        }
    }
}
