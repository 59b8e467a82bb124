import FileBlobStore
import Foundation
import MediaCore
import NIOCore
import NIOPosix
import XMedia

/// Runs the body with a store in a folder of its own, and its threads; all is gone afterwards.
func withFileBlobStore(
    _ durability: Durability = .process, _ body: (_ store: FileBlobStore, _ root: String) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "FileBlobStoreTests-\(UUID())")
    let pool = NIOThreadPool(numberOfThreads: 4)
    pool.start()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let root = folder.appending(path: "blobs").path
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
        let store = try await FileBlobStore(root: root, durability: durability, threadPool: pool)
        try await body(store, root)
        try await pool.shutdownGracefully()
    } catch {
        try await pool.shutdownGracefully()
        throw error
    }
}

/// Every file below the root, by its path.
func files(below root: String) -> Set<String> {
    let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return Set(
        all.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
                && !isFolder.boolValue
        })
}

/// The permission bits of a file or folder.
func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

extension FileBlobStore {
    /// Writes one small blob.
    func put(_ bytes: [UInt8], as name: BlobName) async throws -> StoredBlob {
        try await write(name) { try await $0.write(ByteBuffer(bytes: bytes)) }
    }
}

let somebody = MediaID(rawValue: 1_803_847_203_968_745_473)
