import FileBlobStore
import Foundation
import MediaCore
import NIOCore
import NIOPosix
import Testing
import XMedia

@Suite("Blobs as files")
struct FileBlobStoreTests {
    let namer = BlobNamer()

    @Test("files and folders are for the owner alone, adopted ones too")
    func permissions() async throws {
        try await withFileBlobStore { store, root in
            let written = namer.name(.attempt, of: somebody)
            let stored = try await store.put([1], as: written)
            _ = try await store.compose(
                [BlobPart(name: written, stored: stored)], into: namer.name(.original, of: somebody))
            let path = try await LocalFiles.make(ByteBuffer(bytes: [1, 2]))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            _ = try await store.adopt(fileAt: path, as: namer.name(.rendition, of: somebody))

            #expect(try mode(of: root) == 0o700)
            let files = files(below: root)
            #expect(files.count == 3)
            for file in files {
                #expect(try mode(of: "\(root)/\(file)") == 0o600)
                let folder = (file as NSString).deletingLastPathComponent
                #expect(try mode(of: "\(root)/\(folder)") == 0o700)
            }
        }
    }

    @Test("another start finds the blobs, and tells by the boot id which are its own")
    func restart() async throws {
        try await withFileBlobStore(.full) { store, root in
            let before = namer.name(.attempt, of: somebody)
            _ = try await store.put([1, 2, 3], as: before)
            let pool = NIOThreadPool(numberOfThreads: 1)
            pool.start()
            let again = try await FileBlobStore(root: root, durability: .full, threadPool: pool)
            let next = BlobNamer()
            let own = next.name(.attempt, of: somebody)
            _ = try await again.put([4], as: own)
            var leftovers: [BlobName] = []
            try await again.list { leftovers += $0.map(\.name).filter { $0.bootID != next.bootID } }
            #expect(leftovers == [before])
            try await pool.shutdownGracefully()
        }
    }

    @Test("a folder that cannot be listed hides no other one, and the listing fails at its end")
    func unlistable() async throws {
        try await withFileBlobStore { store, root in
            let names = (0..<5).map { namer.name(.rendition, of: MediaID(rawValue: $0)) }
            for name in names { _ = try await store.put([1], as: name) }
            // The first that is listed.
            try FileManager.default.removeItem(atPath: "\(root)/attempts/00")
            var listed: Set<BlobName> = []
            await #expect(throws: StoreError.self) {
                try await store.list { listed.formUnion($0.map(\.name)) }
            }
            #expect(listed == Set(names))
        }
    }

    @Test("files of others are not listed, not even lookalikes")
    func foreignFiles() async throws {
        try await withFileBlobStore { store, root in
            let name = namer.name(.attempt, of: somebody)
            _ = try await store.put([1], as: name)
            let own = try #require(files(below: root).first)
            let folder = (own as NSString).deletingLastPathComponent
            let foreign = [
                "README", "attempts/.DS_Store", "\(folder)/notes.txt", "\(folder)/\(somebody)",
                "\(folder)/\(somebody).",
                "\(folder)/0\(somebody).\(name.unique)", "\(folder)/\(somebody).A", "\(folder)/\(somebody).a.b",
                // The right name in the wrong folder: deleting it by name would miss it.
                "originals/\((own as NSString).lastPathComponent)",
            ]
            for path in foreign { try Data("x".utf8).write(to: URL(filePath: "\(root)/\(path)")) }
            try FileManager.default.createDirectory(atPath: "\(root)/\(folder)/2.a", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/\(folder)/\(somebody).a-link", withDestinationPath: "/etc/passwd")
            var found: [BlobName] = []
            try await store.list { found += $0.map(\.name) }
            #expect(found == [name])
        }
    }

    @Test("a link in a blob's place is not followed")
    func links() async throws {
        try await withFileBlobStore { store, root in
            let name = namer.name(.original, of: somebody)
            _ = try await store.put([1], as: name)
            let path = "\(root)/" + (try #require(files(below: root).first))
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/passwd")
            await #expect(throws: StoreError.self) { try await store.read(name, range: 0..<1) }
            await #expect(throws: StoreError.notFound) { try await store.withLocalFile(name) { _ in } }
            await #expect(throws: StoreError.self) { try await store.put([1], as: name) }
            await #expect(throws: StoreError.self) {
                try await store.adopt(fileAt: path, as: namer.name(.original, of: somebody))
            }
        }
    }

    @Test("a listing of many blobs comes in bounded batches")
    func batches() async throws {
        try await withFileBlobStore { store, _ in
            var names: Set<BlobName> = []
            for _ in 0..<1100 { names.insert(namer.name(.attempt, of: somebody)) }
            for name in names { _ = try await store.put([1], as: name) }
            var listed: Set<BlobName> = []
            try await store.list { batch in
                #expect((1...512).contains(batch.count))
                listed.formUnion(batch.map(\.name))
            }
            #expect(listed == names)
        }
    }

    @Test("a deleted blob is read to its end by whoever had opened it")
    func readDeleted() async throws {
        try await withFileBlobStore { store, _ in
            let name = namer.name(.original, of: somebody)
            _ = try await store.put([UInt8](repeating: 7, count: 1 << 20), as: name)
            let bytes = try await store.read(name, range: 0..<(1 << 20))
            try await store.delete([name])
            var count = 0
            for try await buffer in bytes { count += buffer.readableBytes }
            #expect(count == 1 << 20)
        }
    }

    @Test("readers and writers leave no descriptor open")
    func descriptors() async throws {
        try await withFileBlobStore { store, root in
            let name = namer.name(.attempt, of: somebody)
            let stored = try await store.put([UInt8](repeating: 7, count: 1 << 20), as: name)
            for _ in 0..<20 {
                for try await _ in try await store.read(name, range: 0..<10) {}
                _ = try? await store.write(namer.name(.attempt, of: somebody)) { writer in
                    try await writer.write(ByteBuffer(repeating: 1, count: 1 << 20))
                    throw StoreError.full
                }
                _ = try? await store.put([1], as: name)
                let bad = BlobPart(name: name, stored: StoredBlob(size: 1, crc32c: 1))
                _ = try? await store.compose(
                    [BlobPart(name: name, stored: stored), bad], into: namer.name(.original, of: somebody))
                let whole = namer.name(.original, of: somebody)
                _ = try? await store.compose([BlobPart(name: name, stored: stored)], into: whole)
                try await store.delete([whole])
                _ = try? await store.adopt(fileAt: root, as: namer.name(.rendition, of: somebody))
            }
            #expect(files(below: root).count == 1)
            #if os(Linux)
                // A reader's descriptor is closed by the thread pool, after those that were dropped before.
                for _ in 0..<8 { _ = try await store.availableBytes() }
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
                    return target?.hasPrefix("\(root)/") == true
                }
                #expect(open.isEmpty, "\(open)")
            #endif
        }
    }

    @Test("a folder that somebody removed is an error of the store, not a missing blob")
    func removedFolders() async throws {
        try await withFileBlobStore { store, root in
            try FileManager.default.removeItem(atPath: "\(root)/attempts")
            let error = await #expect(throws: StoreError.self) {
                try await store.put([1], as: namer.name(.attempt, of: somebody))
            }
            guard case .unavailable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a store whose threads were shut down says so, and leaves nothing")
    func shutDown() async throws {
        try await withFileBlobStore { _, root in
            let pool = NIOThreadPool(numberOfThreads: 1)
            pool.start()
            let store = try await FileBlobStore(root: root, durability: .process, threadPool: pool)
            await #expect(throws: StoreError.self) {
                try await store.write(namer.name(.attempt, of: somebody)) { writer in
                    try await writer.write(ByteBuffer(repeating: 1, count: 4 << 20))
                    try await pool.shutdownGracefully()
                    try await writer.write(ByteBuffer(repeating: 1, count: 4 << 20))
                }
            }
            #expect(files(below: root).isEmpty)
        }
    }

    @Test("a single part is not written again: its file gets another name")
    func single() async throws {
        try await withFileBlobStore(.full) { store, root in
            let part = namer.name(.attempt, of: somebody)
            let stored = try await store.put([UInt8](repeating: 7, count: 300_000), as: part)
            let path = "\(root)/" + (try #require(files(below: root).first))
            let parts = [BlobPart(name: part, stored: stored)]
            _ = try await store.compose(parts, into: namer.name(.original, of: somebody))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.referenceCount] as? Int == 2)
        }
    }

    @Test(
        "a single part whose file can have no name there is written again",
        .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func singleElsewhere() async throws {
        try await withFileBlobStore(.full) { store, root in
            let elsewhere = "/dev/shm/FileBlobStoreTests-\(UUID())"
            defer { try? FileManager.default.removeItem(atPath: elsewhere) }
            try FileManager.default.moveItem(atPath: "\(root)/originals", toPath: elsewhere)
            try FileManager.default.createSymbolicLink(atPath: "\(root)/originals", withDestinationPath: elsewhere)
            let part = namer.name(.attempt, of: somebody)
            let bytes = (0..<(17 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) }
            let stored = try await store.put(bytes, as: part)
            let whole = namer.name(.original, of: somebody)
            let composed = try await store.compose([BlobPart(name: part, stored: stored)], into: whole)
            #expect(composed.stored == stored)
            let empty = namer.name(.attempt, of: somebody)
            let nothing = BlobPart(name: empty, stored: try await store.put([], as: empty))
            let written = try await store.compose(
                [BlobPart(name: part, stored: stored), nothing], into: namer.name(.original, of: somebody))
            #expect(composed.sha256 == written.sha256)
            let copy = try await store.withLocalFile(whole) { try Data(contentsOf: URL(filePath: $0)) }
            #expect(copy == Data(bytes))
        }
    }

    @Test(
        "a file of another file system is copied", .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func otherFileSystem() async throws {
        try await withFileBlobStore(.full) { store, root in
            let path = "/dev/shm/FileBlobStoreTests-\(UUID())"
            let bytes = Data((0..<(17 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 7) })
            defer { try? FileManager.default.removeItem(atPath: path) }
            try bytes.write(to: URL(filePath: path))
            let name = namer.name(.rendition, of: somebody)
            let stored = try await store.adopt(fileAt: path, as: name)
            #expect(stored.size == Int64(bytes.count))
            #expect(!FileManager.default.fileExists(atPath: path))
            let copy = try await store.withLocalFile(name) { try Data(contentsOf: URL(filePath: $0)) }
            #expect(copy == bytes)
        }
    }
}
