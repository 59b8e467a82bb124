import MediaCore
import NIOCore
import Testing

extension BlobStoreConformance {
    static let reading: [BlobStoreRule] = [
        BlobStoreRule("a range has exactly its bytes, at every edge") { store async throws in
            let count = 600 << 10
            let bytes = Samples.bytes(count)
            let name = Samples.name()
            try await store.put(bytes, as: name)
            let quarter = 256 << 10
            for range in [
                0..<0, 0..<1, 1..<2, 0..<count, 1..<count, (count - 1)..<count, count..<count, 0..<quarter,
                0..<(quarter + 1), (quarter - 1)..<(quarter + 1), quarter..<(2 * quarter), 4095..<4097,
            ] {
                #expect(try await store.get(name, range) == Array(bytes[range]), "\(range)")
            }
        },
        BlobStoreRule("no buffer is empty or larger than 256 KiB") { store async throws in
            let name = Samples.name()
            try await store.put(Samples.bytes(1_000_000), as: name)
            for try await buffer in try await store.read(name, range: 3..<1_000_000) {
                #expect((1...(256 << 10)).contains(buffer.readableBytes))
            }
        },
        BlobStoreRule("a range beyond the end is corrupt, not short") { store async throws in
            let name = Samples.name()
            try await store.put(Samples.bytes(300_000), as: name)
            for range in [0..<300_001, 299_999..<300_001, 300_000..<300_001, 900_000..<900_001] {
                let error = await #expect(throws: StoreError.self) { try await store.get(name, range) }
                guard case .corrupt = error else {
                    Issue.record("\(range): \(String(describing: error))")
                    continue
                }
            }
        },
        BlobStoreRule("a blob that is not there is not found, at once") { store async throws in
            await #expect(throws: StoreError.notFound) { try await store.read(Samples.name(), range: 0..<0) }
            await #expect(throws: StoreError.notFound) {
                try await store.withLocalFile(Samples.name()) { _ in Issue.record("there is nothing to work on") }
            }
        },
        BlobStoreRule("each iterator of a sequence starts at the beginning") { store async throws in
            let bytes = Samples.bytes(600_000)
            let name = Samples.name()
            try await store.put(bytes, as: name)
            let sequence = try await store.read(name, range: 0..<600_000)
            var first = sequence.makeAsyncIterator()
            var second = sequence.makeAsyncIterator()
            let one = try await first.next()
            let other = try await second.next()
            #expect(one == other)
            #expect(one?.readableBytesView.elementsEqual(bytes.prefix(one?.readableBytes ?? 0)) == true)
        },
        BlobStoreRule("deleting while somebody reads gives right bytes or an error, never an early end") {
            store async throws in
            let bytes = Samples.bytes(2 << 20)
            let name = Samples.name()
            try await store.put(bytes, as: name)
            var read: [UInt8] = []
            do {
                for try await buffer in try await store.read(name, range: 0..<Int64(bytes.count)) {
                    read.append(contentsOf: buffer.readableBytesView)
                    try await store.delete([name])
                }
                #expect(read == bytes)
            } catch is StoreError {
                #expect(bytes.starts(with: read))
            }
        },
        BlobStoreRule("a cancelled reader gets no more") { store async throws in
            let name = Samples.name()
            try await store.put(Samples.bytes(1 << 20), as: name)
            await expectCancellation { cancel in
                for try await _ in try await store.read(name, range: 0..<(1 << 20)) { cancel() }
            }
        },
        BlobStoreRule("a local file has the bytes, and the body's result and error pass through") {
            store async throws in
            for count in [0, 700_000] {
                let bytes = Samples.bytes(count)
                let name = Samples.name()
                try await store.put(bytes, as: name)
                let found = try await store.withLocalFile(name) { try await ScratchFile.contents(of: $0) }
                #expect(found == bytes)
                await #expect(throws: BodyError()) { try await store.withLocalFile(name) { _ in throw BodyError() } }
                #expect(try await store.get(name, 0..<count) == bytes)
            }
        },
    ]
}
