package import MediaCore
import NIOPosix
import Synchronization
import SystemPackage

extension FileBlobStore {
    package func list(_ visit: ([StoredBlobEntry]) async throws -> Void) async throws {
        var failure: (any Error)?
        for folder in BlobLayout.folders {
            do {
                try await list(folder, visit)
            } catch let unreadable as UnreadableFolder {
                failure = failure ?? unreadable.reason
            }
        }
        if let failure { throw failure }
    }

    private func list(_ folder: String, _ visit: ([StoredBlobEntry]) async throws -> Void) async throws {
        var listing: FolderListing?
        while true {
            let batch: [StoredBlobEntry]?
            do {
                let open: FolderListing
                if let listing {
                    open = listing
                } else {
                    open = try await threadPool.run(folder) { [root] in try FolderListing(folder, in: root) }
                    listing = open
                }
                batch = try await threadPool.run(folder) { try open.next(512) }
            } catch {
                throw UnreadableFolder(reason: error)
            }
            guard let batch else { return }
            try Task.checkCancellation()
            if !batch.isEmpty { try await visit(batch) }
        }
    }
}

/// Why a folder could not be listed, told apart from what a visit throws.
private struct UnreadableFolder: Error {
    let reason: any Error
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
