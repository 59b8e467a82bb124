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
        BlobStoreRule("several files become blobs together, told in their order; of media that differ too") {
            store async throws in
            let contents = [7, 0, 300_000].map { Samples.bytes($0, seed: UInt64($0)) }
            let names = [Samples.name(.rendition), Samples.name(.rendition), Samples.name(.rendition, media: 5)]
            let stored = try await withScratchFiles(contents) { paths in
                try await store.adopt(zip(paths, names).map { FinishedFile(path: $0, name: $1) })
            }
            #expect(stored == contents.map(Samples.stored))
            for (name, bytes) in zip(names, contents) { #expect(try await store.get(name, 0..<bytes.count) == bytes) }
            #expect(try await store.adopt([]) == [])
        },
        BlobStoreRule("when one of several files cannot be adopted none is, and the files stay") { store async throws in
            let contents = [100, 200].map { Samples.bytes($0, seed: UInt64($0)) }
            let names = [Samples.name(.rendition), Samples.name(.rendition)]
            let taken = Samples.name(.rendition)
            try await store.put([1], as: taken)
            try await withScratchFiles(contents) { paths in
                let files = zip(paths, names).map { FinishedFile(path: $0, name: $1) }
                await #expect(throws: StoreError.notFound) {
                    try await store.adopt(files + [FinishedFile(path: "/nowhere/at/all", name: Samples.name())])
                }
                await #expect(throws: StoreError.self) {
                    try await store.adopt(files + [FinishedFile(path: paths[0], name: taken)])
                }
                for (path, bytes) in zip(paths, contents) {
                    let left = try await ScratchFile.contents(of: path)
                    #expect(left == bytes)
                }
            }
            for name in names { try await store.expectNothing(as: name) }
            #expect(try await store.get(taken, 0..<1) == [1])
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

/// New files with these bytes exist while the body runs.
private func withScratchFiles<Value>(
    _ contents: [[UInt8]], _ body: ([String]) async throws -> Value
) async throws -> Value {
    guard let first = contents.first else { return try await body([]) }
    return try await ScratchFile.with(first) { path in
        try await withScratchFiles(Array(contents.dropFirst())) { try await body([path] + $0) }
    }
}
