import MediaCore
import Testing

extension BlobStoreConformance {
    static let composing: [BlobStoreRule] = [
        BlobStoreRule("the whole is the parts in their order; the parts stay") { store async throws in
            // Lengths at and beside the blocks of file systems, and beyond what is copied in one step.
            let parts = [4096, 1, 8192, 0, 17 << 20, 4095, 300_000].enumerated()
                .map { Samples.bytes($1, seed: UInt64($0)) }
            var stored: [BlobPart] = []
            for part in parts { stored.append(try await store.putPart(part)) }
            let name = Samples.name(.original)
            let whole = parts.flatMap { $0 }
            let composed = try await store.compose(stored, into: name)
            #expect(composed.stored == Samples.stored(whole))
            #expect(composed.sha256 == Samples.sha256(whole))
            #expect(try await store.get(name, 0..<whole.count) == whole)
            for (part, bytes) in zip(stored, parts) {
                #expect(try await store.get(part.name, 0..<bytes.count) == bytes)
            }
        },
        BlobStoreRule("the digest is SHA-256 in hexadecimal digits (FIPS 180-4, \"abc\")") { store async throws in
            let parts = [try await store.putPart([0x61]), try await store.putPart([0x62, 0x63])]
            let composed = try await store.compose(parts, into: Samples.name(.original))
            #expect(composed.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        },
        BlobStoreRule("a single part is the whole, and what becomes of the part is nothing to the whole") {
            store async throws in
            for count in [1, 256 << 10, 17 << 20] {
                let bytes = Samples.bytes(count)
                let part = try await store.putPart(bytes)
                let (name, again) = (Samples.name(.original), Samples.name(.original))
                let composed = try await store.compose([part], into: name)
                #expect(composed == ComposedBlob(stored: part.stored, sha256: Samples.sha256(bytes)))
                #expect(try await store.compose([part], into: again) == composed)
                try await store.delete([part.name, again])
                try await store.expectNothing(as: part.name)
                #expect(try await store.get(name, 0..<count) == bytes)
                #expect(try await store.everything()[name] == Int64(count))
            }
        },
        BlobStoreRule("no parts, or only empty ones, are an empty blob") { store async throws in
            let empty = try await store.putPart([])
            for parts in [[], [empty], [empty, empty]] {
                let name = Samples.name(.original)
                let composed = try await store.compose(parts, into: name)
                #expect(composed.stored == StoredBlob(size: 0, crc32c: 0))
                #expect(composed.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                #expect(try await store.everything()[name] == 0)
            }
        },
        BlobStoreRule("a part may come twice") { store async throws in
            let bytes = Samples.bytes(8192)
            let part = try await store.putPart(bytes)
            let name = Samples.name(.original)
            _ = try await store.compose([part, part], into: name)
            #expect(try await store.get(name, 0..<16_384) == bytes + bytes)
        },
        BlobStoreRule("a part with one wrong byte is named, and there is no whole") { store async throws in
            let good = try await store.putPart(Samples.bytes(100_000))
            var bytes = Samples.bytes(2 << 20, seed: 2)
            let wanted = Samples.stored(bytes)
            bytes[1_234_567] ^= 1
            let bad = BlobPart(name: try await store.putPart(bytes).name, stored: wanted)
            let name = Samples.name(.original)
            await #expect(throws: BlobMismatch(part: 1, found: Samples.stored(bytes))) {
                try await store.compose([good, bad, good], into: name)
            }
            try await store.expectNothing(as: name)
        },
        BlobStoreRule("a part that is longer or shorter than it was is named") { store async throws in
            let bytes = Samples.bytes(8192)
            let name = Samples.name(.original)
            for count in [0, 4096, 8191, 8193, 12_288] {
                let part = BlobPart(
                    name: try await store.putPart(Samples.bytes(count)).name, stored: Samples.stored(bytes))
                await #expect(throws: BlobMismatch(part: 0, found: Samples.stored(Samples.bytes(count)))) {
                    try await store.compose([part], into: name)
                }
                try await store.expectNothing(as: name)
            }
        },
        BlobStoreRule("a missing part is named") { store async throws in
            let part = try await store.putPart(Samples.bytes(1000))
            let missing = BlobPart(name: Samples.name(), stored: part.stored)
            let name = Samples.name(.original)
            await #expect(throws: BlobMismatch(part: 2, found: nil)) {
                try await store.compose([part, part, missing], into: name)
            }
            try await store.expectNothing(as: name)
        },
        BlobStoreRule("composing into a name that is taken fails and keeps what is there") { store async throws in
            let bytes = Samples.bytes(5000)
            let name = Samples.name(.original)
            try await store.put(bytes, as: name)
            let part = try await store.putPart(Samples.bytes(6000, seed: 2))
            await #expect(throws: StoreError.self) { try await store.compose([part], into: name) }
            #expect(try await store.get(name, 0..<5000) == bytes)
        },
        BlobStoreRule("a cancelled composition leaves nothing") { store async throws in
            let part = try await store.putPart(Samples.bytes(1000))
            let name = Samples.name(.original)
            await expectCancellation { cancel in
                cancel()
                _ = try await store.compose([part], into: name)
            }
            try await store.expectNothing(as: name)
        },
    ]
}
