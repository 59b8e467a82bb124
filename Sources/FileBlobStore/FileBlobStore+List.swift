package import MediaCore
import NIOPosix
import Synchronization
import SystemPackage

extension FileBlobStore {
    package func list(_ visit: ([StoredBlobEntry]) async throws -> Void) async throws {
        for folder in BlobLayout.folders {
            let listing = try await threadPool.run(folder) { [root] in try FolderListing(folder, in: root) }
            while let batch = try await threadPool.run(folder, { try listing.next(512) }) {
                try Task.checkCancellation()
                if !batch.isEmpty { try await visit(batch) }
            }
        }
    }
}

/// The blobs of one folder, some at a time: a folder may hold any number.
private final class FolderListing: Sendable {
    private let path: String
    private let entries: Mutex<FolderEntries>

    init(_ path: String, in root: Descriptor) throws {
        self.path = path
        entries = Mutex(try FolderEntries(of: Descriptor.openFolder(path, in: root)))
    }

    /// The blobs among the next `count` entries; nil at the end.
    func next(_ count: Int) throws -> [StoredBlobEntry]? {
        try entries.withLock { entries in
            var batch: [StoredBlobEntry] = []
            for _ in 0..<count {
                guard let entry = try entries.next() else { return batch.isEmpty ? nil : batch }
                guard let name = BlobLayout.blob(folder: path, fileName: entry) else { continue }
                do {
                    let status = try entries.folder.status(of: entry)
                    if status.isRegular { batch.append(StoredBlobEntry(name: name, size: status.size)) }
                } catch Errno.noSuchFileOrDirectory {
                    continue  // deleted just now
                }
            }
            return batch
        }
    }
}
