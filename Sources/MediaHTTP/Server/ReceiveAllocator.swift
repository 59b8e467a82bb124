import NIOCore
import Synchronization

/// What a connection reads next, told by ``ConnectionGuard`` to ``ReceiveAllocator``.
final class ReceivePhase: Sendable {
    private let body: Atomic<Bool>

    init(isBody: Bool = false) { body = Atomic(isBody) }

    /// Whether it is a body.
    var isBody: Bool {
        get { body.load(ordering: .relaxed) }
        set { body.store(newValue, ordering: .relaxed) }
    }
}

/// Says how much one connection reads at once: little until a read fills its buffer, then what ``ReceiveBuffers`` allows.
///
/// Heads are always read in small steps: each step is parsed at one go while all other connections of the loop wait, and
/// a large one may hold thousands of requests.
struct ReceiveAllocator: RecvByteBufferAllocator {
    /// The size of reads, in an object because its end is the connection's end.
    private final class Size: Sendable {
        /// Enough for a request without a body.
        static let first = 4 << 10

        private let buffers: ReceiveBuffers
        private let phase: ReceivePhase
        private let bytes = Atomic<Int>(first)

        init(_ buffers: ReceiveBuffers, _ phase: ReceivePhase) {
            self.buffers = buffers
            self.phase = phase
        }

        deinit {
            if bytes.load(ordering: .relaxed) > Self.first { buffers.addReceiving(-1) }
        }

        private var value: Int { bytes.load(ordering: .relaxed) }

        /// The size of the next read.
        var next: Int { phase.isBody && value > Self.first ? min(value, buffers.limit) : Self.first }

        /// Takes account of a read.
        func record(_ count: Int) {
            let asked = next
            let old = phase.isBody ? asked : value
            var new = old
            if count >= asked {
                new = phase.isBody ? old * 4 : max(old, Self.first * 4)
            } else if count < asked / 4 {
                new = max(old / 4, Self.first)
            }
            if value == Self.first, new > Self.first { buffers.addReceiving(1) }
            if value > Self.first, new == Self.first { buffers.addReceiving(-1) }
            bytes.store(min(new, ReceiveBuffers.largest), ordering: .relaxed)
        }
    }

    private let buffers: ReceiveBuffers
    private let size: Size

    init(_ buffers: ReceiveBuffers, _ phase: ReceivePhase) {
        self.buffers = buffers
        size = Size(buffers, phase)
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { buffers.take(size.next, allocator) }

    /// Always true: NIO then asks for a buffer for each read and keeps only the connection's first, smallest one.
    mutating func record(actualReadBytes: Int) -> Bool {
        size.record(actualReadBytes)
        return true
    }
}
