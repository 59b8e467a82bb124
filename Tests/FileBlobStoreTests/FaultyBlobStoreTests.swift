import MediaCore
import NIOCore
import Testing

@Suite("Injected faults")
struct FaultyBlobStoreTests {
    let namer = BlobNamer()

    @Test("the n-th call fails, once, and does nothing")
    func before() async throws {
        let store = FaultyBlobStore(InMemoryBlobStore())
        store.inject(.write, call: 2) { throw StoreError.full }
        let names = (0..<3).map { _ in namer.name(.attempt, of: somebody) }
        try await store.put(names[0])
        await #expect(throws: StoreError.full) { try await store.put(names[1]) }
        try await store.put(names[1])
        #expect(store.calls(of: .write) == 3)
    }

    @Test("a lost answer: the call fails, the effect is there")
    func after() async throws {
        let store = FaultyBlobStore(InMemoryBlobStore())
        store.inject(.write, call: 1, .after) { throw StoreError.unavailable("cut") }
        let name = namer.name(.attempt, of: somebody)
        await #expect(throws: StoreError.unavailable("cut")) { try await store.put(name) }
        for try await buffer in try await store.read(name, range: 0..<3) {
            #expect(buffer == ByteBuffer(bytes: [1, 2, 3]))
        }
    }

    @Test("a write that fails in the middle leaves nothing, as it must")
    func middle() async throws {
        try await withFileBlobStore { base, root in
            let store = FaultyBlobStore(base)
            store.inject(.writeBytes, call: 3) { throw StoreError.full }
            await #expect(throws: StoreError.full) {
                try await store.write(namer.name(.attempt, of: somebody)) { writer in
                    for _ in 0..<5 { try await writer.write(ByteBuffer(repeating: 1, count: 1 << 20)) }
                }
            }
            #expect(files(below: root).isEmpty)
        }
    }

    @Test("a reader fails at the buffer that was asked for")
    func reading() async throws {
        let store = FaultyBlobStore(InMemoryBlobStore())
        let name = namer.name(.original, of: somebody)
        _ = try await store.write(name) { try await $0.write(ByteBuffer(repeating: 1, count: 600 << 10)) }
        store.inject(.readBytes, call: 2) { throw StoreError.corrupt("rotten") }
        var buffers = 0
        await #expect(throws: StoreError.corrupt("rotten")) {
            for try await _ in try await store.read(name, range: 0..<(600 << 10)) { buffers += 1 }
        }
        #expect(buffers == 1)
    }

    @Test("a full store says so and keeps what it has")
    func full() async throws {
        let store = InMemoryBlobStore(capacity: 4)
        let name = namer.name(.attempt, of: somebody)
        try await store.put(name)
        #expect(try await store.availableBytes() == 1)
        await #expect(throws: StoreError.full) { try await store.put(namer.name(.attempt, of: somebody)) }
        try await store.delete([name])
        #expect(try await store.availableBytes() == 4)
    }
}

extension BlobStore {
    /// Writes a blob of three bytes.
    fileprivate func put(_ name: BlobName) async throws {
        _ = try await write(name) { try await $0.write(ByteBuffer(bytes: [1, 2, 3])) }
    }
}
