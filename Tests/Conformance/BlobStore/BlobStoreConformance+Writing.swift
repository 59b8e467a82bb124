import MediaCore
import NIOCore
import Testing

extension BlobStoreConformance {
    static let writing: [BlobStoreRule] = [
        BlobStoreRule("what was written is read back, with its length and checksum") { store async throws in
            for count in [0, 1, 4095, 4096, 65_536, (1 << 20) + 1] {
                let bytes = Samples.bytes(count)
                let name = Samples.name()
                #expect(try await store.put(bytes, as: name) == Samples.stored(bytes))
                #expect(try await store.get(name, 0..<count) == bytes)
            }
        },
        BlobStoreRule("a blob of 20 MiB has the checksum of its bytes") { store async throws in
            let bytes = Samples.bytes(20 << 20)
            let name = Samples.name()
            #expect(try await store.put(bytes, as: name, buffers: 70_001) == Samples.stored(bytes))
            #expect(try await store.get(name, 0..<bytes.count) == bytes)
        },
        BlobStoreRule("buffers of every size arrive in order, and empty ones do no harm") { store async throws in
            let bytes = Samples.bytes(3 << 20)
            let name = Samples.name()
            let stored = try await store.write(name) { writer in
                var rest = ByteBuffer(bytes: bytes)
                // 3000 slices of one byte that share one large buffer, then ever larger ones.
                for _ in 0..<3000 { try await writer.write(rest.readSlice(length: 1) ?? ByteBuffer()) }
                var length = 1
                while rest.readableBytes > 0 {
                    try await writer.write(ByteBuffer())
                    try await writer.write(rest.readSlice(length: min(length, rest.readableBytes)) ?? ByteBuffer())
                    length *= 3
                }
            }
            #expect(stored == Samples.stored(bytes))
            #expect(try await store.get(name, 0..<bytes.count) == bytes)
        },
        BlobStoreRule("the buffer may be used again once it was taken") { store async throws in
            let name = Samples.name()
            let stored = try await store.write(name) { writer in
                var buffer = ByteBuffer()
                for index in 0..<40 {
                    buffer.clear()
                    buffer.writeBytes(Samples.bytes(50_000, seed: UInt64(index)))
                    try await writer.write(buffer)
                }
            }
            #expect(stored == Samples.stored((0..<40).flatMap { Samples.bytes(50_000, seed: $0) }))
        },
        BlobStoreRule("the same name twice fails and keeps the first") { store async throws in
            for count in [10, 3 << 20] {
                let bytes = Samples.bytes(count)
                let name = Samples.name()
                try await store.put(bytes, as: name)
                await #expect(throws: StoreError.self) { try await store.put(Samples.bytes(count, seed: 2), as: name) }
                #expect(try await store.get(name, 0..<count) == bytes)
            }
        },
        BlobStoreRule("of two writers of one name exactly one wins") { store async throws in
            let name = Samples.name()
            let candidates = [Samples.bytes(2 << 20, seed: 1), Samples.bytes(2 << 20, seed: 2)]
            let winners = await withTaskGroup(of: StoredBlob?.self) { group in
                for bytes in candidates {
                    group.addTask { try? await store.put(bytes, as: name) }
                }
                return await group.reduce(into: [StoredBlob]()) { if let stored = $1 { $0.append(stored) } }
            }
            #expect(winners.count == 1)
            let bytes = try await store.get(name, 0..<(2 << 20))
            #expect(winners == [Samples.stored(bytes)])
        },
        BlobStoreRule("an error in the body passes through and leaves nothing") { store async throws in
            for count in [0, 1000, 5 << 20] {
                let name = Samples.name()
                await #expect(throws: BodyError()) {
                    try await store.write(name) { writer in
                        try await writer.write(ByteBuffer(bytes: Samples.bytes(count)))
                        throw BodyError()
                    }
                }
                try await store.expectNothing(as: name)
            }
            #expect(try await store.everything().isEmpty)
        },
        BlobStoreRule("cancellation in the middle leaves nothing, even if the body does not look") {
            store async throws in
            for count in [1000, 1 << 20] {
                let name = Samples.name()
                await expectCancellation { cancel in
                    _ = try await store.write(name) { writer in
                        for index in 0..<4 {
                            if index == 2 { cancel() }
                            try await writer.write(ByteBuffer(bytes: Samples.bytes(count)))
                        }
                    }
                }
                try await store.expectNothing(as: name)
            }
        },
        BlobStoreRule("a name whose write failed can be written") { store async throws in
            let name = Samples.name()
            await #expect(throws: BodyError()) {
                try await store.write(name) { writer in
                    try await writer.write(ByteBuffer(bytes: Samples.bytes(2 << 20)))
                    throw BodyError()
                }
            }
            let bytes = Samples.bytes(1000, seed: 2)
            #expect(try await store.put(bytes, as: name) == Samples.stored(bytes))
            #expect(try await store.get(name, 0..<1000) == bytes)
        },
        BlobStoreRule("writers at the same time do not disturb each other") { store async throws in
            try await withThrowingTaskGroup { group in
                for index in 0..<UInt64(16) {
                    group.addTask { () async throws in
                        let bytes = Samples.bytes(1_500_000, seed: index)
                        let name = Samples.name(media: 1 + index / 4)
                        #expect(try await store.put(bytes, as: name, buffers: 30_000) == Samples.stored(bytes))
                        #expect(try await store.get(name, 0..<bytes.count) == bytes)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.everything().count == 16)
        },
    ]
}
