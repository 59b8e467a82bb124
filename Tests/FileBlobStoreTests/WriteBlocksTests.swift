import MediaCore
import NIOCore
import Testing

@testable import FileBlobStore

@Suite("Blocks on their way into files")
struct WriteBlocksTests {
    private let kibibyte = 1 << 10

    @Test("few writers get large blocks, many small ones, and all of them together a bounded amount")
    func sizes() throws {
        let blocks = WriteBlocks()
        var taken: [WriteBlock] = []
        for writer in 0..<200 {
            blocks.enter()
            taken += [try blocks.take(), try blocks.take()]
            if writer == 0 { #expect(taken.map(\.size) == [512 * kibibyte, 512 * kibibyte]) }
        }
        #expect(taken.suffix(2).map(\.size) == [16 * kibibyte, 16 * kibibyte])
        // 8 MiB, and the smallest block for those who come later.
        #expect(taken.reduce(0) { $0 + $1.size } <= 8 << 20 + 400 * 16 * kibibyte)
        // What was given back beyond the bound is gone: the next ones are not larger.
        for block in taken { blocks.give(block) }
        for _ in 0..<199 { blocks.leave() }
        #expect(try blocks.take().size == 512 * kibibyte)
    }

    @Test("a block that was given back is used again")
    func reuse() throws {
        let blocks = WriteBlocks()
        blocks.enter()
        let block = try blocks.take()
        blocks.give(block)
        #expect(try blocks.take() === block)
        #expect(try blocks.take() !== block)
    }

    @Test("blocks are aligned, so that the disk can take them")
    func alignment() throws {
        for size in [16, 64, 512] {
            let block = try WriteBlock(size: size * kibibyte)
            #expect(Int(bitPattern: block.memory.baseAddress) % WriteBlock.alignment == 0)
        }
    }

    @Test(
        "sizes around those of blocks and of the disk's unit arrive whole, in buffers of any size",
        arguments: [4095, 4096, 4097, 524_287, 524_288, 524_289, 1_048_576, 1_576_960, 1_576_961, 4_194_304])
    func sizes(count: Int) async throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let namer = BlobNamer()
        for durability in [Durability.full, .process] {
            try await withFileBlobStore(durability) { store, _ in
                for piece in [100_003, 262_144, 700_001] {
                    let name = namer.name(.attempt, of: somebody)
                    let stored = try await store.write(name) { writer in
                        for start in stride(from: 0, to: count, by: piece) {
                            try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + piece, count)]))
                        }
                    }
                    #expect(stored == bytes.withUnsafeBytes { StoredBlob(size: 0, crc32c: 0).appending($0) })
                    var found: [UInt8] = []
                    for try await buffer in try await store.read(name, range: 0..<Int64(count)) {
                        found += buffer.readableBytesView
                    }
                    #expect(found == bytes)
                }
            }
        }
    }
}
