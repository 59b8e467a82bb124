import MediaCore
import Testing

extension BlobStoreConformance {
    static let adopting: [BlobStoreRule] = [
        BlobStoreRule("an adopted file is a blob with its length and checksum") { store async throws in
            for count in [0, 1, 20 << 20] {
                let bytes = Samples.bytes(count)
                let name = Samples.name(.rendition)
                let stored = try await ScratchFile.with(bytes) { try await store.adopt(fileAt: $0, as: name) }
                #expect(stored == Samples.stored(bytes))
                #expect(try await store.get(name, 0..<count) == bytes)
                #expect(try await store.everything()[name] == Int64(count))
            }
        },
        BlobStoreRule("adopting as a name that is taken fails and keeps what is there, and the file") {
            store async throws in
            let bytes = Samples.bytes(5000)
            let name = Samples.name(.rendition)
            try await store.put(bytes, as: name)
            let other = Samples.bytes(6000, seed: 2)
            try await ScratchFile.with(other) { path in
                await #expect(throws: StoreError.self) { try await store.adopt(fileAt: path, as: name) }
                let left = try await ScratchFile.contents(of: path)
                #expect(left == other)
            }
            #expect(try await store.get(name, 0..<5000) == bytes)
        },
        BlobStoreRule("a file that is not there is not found") { store async throws in
            let name = Samples.name(.rendition)
            await #expect(throws: StoreError.notFound) {
                try await store.adopt(fileAt: "/nowhere/at/all", as: name)
            }
            try await store.expectNothing(as: name)
        },
        BlobStoreRule("a cancelled adoption leaves no blob, and the file") { store async throws in
            let name = Samples.name(.rendition)
            let bytes = Samples.bytes(5000)
            try await ScratchFile.with(bytes) { path in
                await expectCancellation { cancel in
                    cancel()
                    _ = try await store.adopt(fileAt: path, as: name)
                }
                let left = try await ScratchFile.contents(of: path)
                #expect(left == bytes)
            }
            try await store.expectNothing(as: name)
        },
    ]
}
