import NIOCore
import Testing

@testable import MediaHTTP

@Suite("What connections read into")
struct ReceiveBuffersTests {
    private let allocator = ByteBufferAllocator()

    @Test("a buffer of which nobody holds a part comes back, any other one does not")
    func givingBack() {
        let buffers = ReceiveBuffers()
        var used: ByteBuffer? = buffers.take(65536, allocator)
        used?.writeBytes([1, 2, 3])
        var slice = used?.readSlice(length: 2)
        buffers.give(&used)
        #expect(used == nil)
        #expect(slice == ByteBuffer(bytes: [1, 2]))
        let fresh = buffers.take(65536, allocator)
        let address = fresh.withVeryUnsafeBytes { $0.baseAddress }
        #expect(slice?.withVeryUnsafeBytes { $0.baseAddress } != address)

        used = fresh
        slice = nil
        // The last reference: `fresh` is not used any more.
        buffers.give(&used)
        let again = buffers.take(65536, allocator)
        #expect(again.readableBytes == 0 && again.writableBytes == 65536)
    }

    @Test("reads grow while they fill their buffers, and shrink when they do not")
    func growing() {
        let buffers = ReceiveBuffers()
        var reads = ReceiveAllocator(buffers, ReceivePhase(isBody: true))
        #expect(sizes(&reads, [4096, 16384, 65536, 262_144, 262_144]) == [4096, 16384, 65536, 262_144, 262_144])
        #expect(sizes(&reads, [100, 100, 100, 100]) == [262_144, 65536, 16384, 4096])
    }

    @Test("heads are read in small steps, also between large bodies")
    func heads() {
        let buffers = ReceiveBuffers()
        let phase = ReceivePhase()
        var reads = ReceiveAllocator(buffers, phase)
        #expect(sizes(&reads, [4096, 4096, 4096]) == [4096, 4096, 4096])
        phase.isBody = true
        #expect(sizes(&reads, [16384, 65536, 262_144]) == [16384, 65536, 262_144])
        phase.isBody = false
        #expect(sizes(&reads, [4096]) == [4096])
        phase.isBody = true
        #expect(sizes(&reads, [262_144]) == [262_144])
        phase.isBody = false
        #expect(sizes(&reads, [100, 100, 100, 100]) == [4096, 4096, 4096, 4096])
        phase.isBody = true
        #expect(sizes(&reads, [4096]) == [4096])
    }

    @Test("the more connections receive, the less each reads at once; those that end make room")
    func sharing() {
        let buffers = ReceiveBuffers()
        var connections = (0..<32).map { _ in ReceiveAllocator(buffers, ReceivePhase(isBody: true)) }
        for index in connections.indices {
            _ = sizes(&connections[index], [4096, 16384, 65536, 262_144])
        }
        for connection in connections {
            #expect(connection.buffer(allocator: allocator).writableBytes == 32768)
        }
        connections.removeLast(31)
        #expect(connections[0].buffer(allocator: allocator).writableBytes == 262_144)
    }

    /// The size offered for each read, when these many bytes come.
    private func sizes(_ reads: inout ReceiveAllocator, _ received: [Int]) -> [Int] {
        received.map { count in
            let size = reads.buffer(allocator: allocator).writableBytes
            _ = reads.record(actualReadBytes: min(count, size))
            return size
        }
    }
}
