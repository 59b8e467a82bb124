import NIOCore
import Synchronization

/// Says how much one connection reads at once: little until a read fills its buffer, then what ``ReceiveBuffers`` allows.
struct ReceiveAllocator: RecvByteBufferAllocator {
    /// The size of reads, in an object because its end is the connection's end.
    private final class Size: Sendable {
        /// Enough for a request without a body.
        static let first = 4 << 10

        private let buffers: ReceiveBuffers
        private let bytes = Atomic<Int>(first)

        init(_ buffers: ReceiveBuffers) { self.buffers = buffers }

        deinit {
            if bytes.load(ordering: .relaxed) > Self.first { buffers.addReceiving(-1) }
        }

        private var value: Int { bytes.load(ordering: .relaxed) }

        /// The size of the next read.
        var next: Int { value > Self.first ? min(value, buffers.limit) : value }

        /// Takes account of a read.
        func record(_ count: Int) {
            let old = next
            var new = old
            if count >= old {
                new = old * 4
            } else if count < old / 4 {
                new = max(old / 4, Self.first)
            }
            if old == Self.first, new > Self.first { buffers.addReceiving(1) }
            if old > Self.first, new == Self.first { buffers.addReceiving(-1) }
            bytes.store(min(new, ReceiveBuffers.largest), ordering: .relaxed)
        }
    }

    private let buffers: ReceiveBuffers
    private let size: Size

    init(_ buffers: ReceiveBuffers) {
        self.buffers = buffers
        size = Size(buffers)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { buffers.take(size.next, allocator) }

    /// Always true: NIO then asks for a buffer for each read and keeps only the connection's first, smallest one.
    mutating func record(actualReadBytes: Int) -> Bool {
        size.record(actualReadBytes)
        return true
    }
}
