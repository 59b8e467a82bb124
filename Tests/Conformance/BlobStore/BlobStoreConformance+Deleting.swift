import MediaCore
import Testing

extension BlobStoreConformance {
    static let deleting: [BlobStoreRule] = [
        BlobStoreRule("a deleted blob is gone; deleting again is no error") { store async throws in
            let names = (0..<40).map { Samples.name(media: UInt64($0 / 4)) }
            for name in names { try await store.put([1, 2, 3], as: name) }
            let kept = names[7]
            try await store.delete(names.filter { $0 != kept } + [Samples.name()])
            #expect(try await store.everything() == [kept: 3])
            try await store.delete(names)
            try await store.delete(names)
            try await store.delete([])
            #expect(try await store.everything().isEmpty)
            for name in names { try await store.expectNothing(as: name) }
        },
        BlobStoreRule("a cancelled task deletes what it has made") { store async throws in
            let names = (0..<40).map { _ in Samples.name(.rendition) }
            for name in names { try await store.put(Samples.bytes(10), as: name) }
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await store.delete(names)
            }
            try await task.value
            #expect(try await store.everything().keys.allSatisfy { !names.contains($0) })
        },
        BlobStoreRule("deleting the last blob of a media does not disturb writing another") { store async throws in
            try await withThrowingTaskGroup { group in
                for index in 0..<UInt8(8) {
                    group.addTask { () async throws in
                        for _ in 0..<5 {
                            let name = Samples.name()
                            try await store.put([index], as: name)
                            #expect(try await store.get(name, 0..<1) == [index])
                            try await store.delete([name])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.everything().isEmpty)
        },
        BlobStoreRule("a listing has exactly what is stored, of every kind") { store async throws in
            #expect(try await store.everything().isEmpty)
            var expected: [BlobName: Int64] = [:]
            for kind in BlobName.Kind.allCases {
                for media in [UInt64(1), 2, UInt64(Int64.max), 1_803_847_203_968_745_473] {
                    for count in [0, 5] {
                        let name = Samples.name(kind, media: media)
                        try await store.put(Samples.bytes(count), as: name)
                        expected[name] = Int64(count)
                    }
                }
            }
            #expect(try await store.everything() == expected)
        },
        BlobStoreRule("an error of the visitor ends the listing and passes through") { store async throws in
            try await store.put([1], as: Samples.name())
            await #expect(throws: BodyError()) { try await store.list { _ in throw BodyError() } }
        },
        BlobStoreRule("the space left is not negative") { store async throws in
            if let bytes = try await store.availableBytes() { #expect(bytes >= 0) }
        },
    ]
}
