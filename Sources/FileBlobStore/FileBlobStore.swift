package import MediaCore
package import NIOPosix
import SystemPackage

/// Blobs as files below one folder of a local disk.
///
/// No list is held in memory: what is there is what the folders say. See ``BlobLayout`` for the names. Files are for the
/// owner alone. One process at a time writes; whoever makes the store sees to that by a lock.
package final class FileBlobStore: BlobStore {
    let rootPath: String
    let root: Descriptor
    let durability: Durability
    let threadPool: NIOThreadPool
    let blocks = WriteBlocks()

    /// Opens the store, and makes what is missing of its folders.
    ///
    /// - Parameters:
    ///   - path: the root; its parent must exist.
    ///   - durability: what "stored" means.
    ///   - threadPool: where files are worked on. Each sync holds a thread, so it should have more than there are cores.
    /// - Throws: ``StoreError``.
    package init(root path: String, durability: Durability, threadPool: NIOThreadPool) async throws {
        rootPath = path
        self.durability = durability
        self.threadPool = threadPool
        root = try await threadPool.run(path) {
            let filePath = FilePath(path)
            guard let name = filePath.lastComponent else { throw Errno.invalidArgument }
            let parent = try Descriptor.openFolder(filePath.removingLastComponent().appending(".").string)
            defer { parent.discard() }
            try parent.makeFolder(name.string)
            let root = try Descriptor.openFolder(name.string, in: parent)
            do {
                for folder in BlobLayout.folders { try root.makeFolder(folder) }
                guard durability == .full else { return root }
                // Also when all were there: the start that made them may have been killed before this.
                try parent.synchronize()
                try root.synchronize()
                for kind in BlobName.Kind.allCases {
                    let folder = try Descriptor.openFolder(kind.rawValue, in: root)
                    defer { folder.discard() }
                    try folder.synchronize()
                }
                return root
            } catch {
                root.discard()
                throw error
            }
        }
    }

    deinit { root.discard() }

    package func delete(_ names: [BlobName]) async throws {
        var rest = names[...]
        while !rest.isEmpty {
            // Freeing the blocks of a large file takes a while; a thread is not held for more than a few.
            let batch = rest.prefix(16)
            rest = rest.dropFirst(16)
            let result = await threadPool.runAlways { [root] in
                Result { () throws(Errno) in for name in batch { try root.remove(BlobLayout.path(of: name)) } }
            }
            if case .failure(let error) = result { throw StoreError(error, "delete") }
        }
    }

    package func withLocalFile<Result: Sendable>(
        _ name: BlobName, _ body: (_ path: String) async throws -> Result
    ) async throws -> Result {
        let path = BlobLayout.path(of: name)
        let isThere = try await threadPool.run(name) { [root] in try root.status(of: path).isRegular }
        guard isThere else { throw StoreError.notFound }
        return try await body("\(rootPath)/\(path)")
    }

    package func availableBytes() async throws -> Int64? {
        try await threadPool.run(rootPath) { [root] in try root.availableBytes() }
    }
}
