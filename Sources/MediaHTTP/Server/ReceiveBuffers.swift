import NIOCore
import Synchronization

/// The buffers into which the connections of one event loop read, and how much each connection may read at once.
///
/// Large reads cost less, and a buffer that was just used is still in the processor's cache and has its memory, so a
/// body's buffers come back and the next read, of any connection, takes the last one. A connection begins with small
/// reads, and large ones get smaller the more connections ask for them: what all of them hold stays bounded.
final class ReceiveBuffers: Sendable {
    /// The most bytes of one read; above this the processor's cache is too small for a few of them.
    static let largest = 256 << 10
    /// What a connection that is sending a body may read in any case.
    private static let smallest = 16 << 10
    /// What all connections of the loop may read at once as long as none has less than the smallest.
    private static let budget = 1 << 20

    private struct State {
        var receiving = 0
        var free: [ByteBuffer] = []
        var freeBytes = 0
    }

    private let state = Mutex(State())

    /// A connection begins or ends to send more than requests without a body.
    func addReceiving(_ change: Int) { state.withLock { $0.receiving += change } }

    /// The most bytes that a connection may read at once now, a power of 2.
    var limit: Int {
        let share = Self.budget / max(1, state.withLock { $0.receiving })
        var size = Self.largest
        while size > share, size > Self.smallest { size /= 2 }
        return size
    }

    /// An empty buffer.
    func take(_ size: Int, _ allocator: ByteBufferAllocator) -> ByteBuffer {
        let found: ByteBuffer? = state.withLock { state in
            guard let index = state.free.lastIndex(where: { $0.storageCapacity == size }) else { return nil }
            state.freeBytes -= size
            return state.free.remove(at: index)
        }
        return found ?? allocator.buffer(capacity: size)
    }

    /// Takes a buffer back if nobody else holds any part of it.
    func give(_ buffer: inout ByteBuffer?) {
        guard var given = buffer.take() else { return }
        let size = given.storageCapacity
        guard size >= Self.smallest, given.modifyIfUniquelyOwned({ $0.clear() }) != nil else { return }
        state.withLock { [given] state in
            state.free.append(given)
            state.freeBytes += size
            while state.freeBytes > Self.budget { state.freeBytes -= state.free.removeFirst().storageCapacity }
        }
    }

    /// The buffers of each event loop.
    final class Loops: Sendable {
        private let buffers = Mutex<[ObjectIdentifier: ReceiveBuffers]>([:])

        /// The buffers of an event loop, which are made with its first connection.
        func buffers(of eventLoop: any EventLoop) -> ReceiveBuffers {
            buffers.withLock { buffers in
                let id = ObjectIdentifier(eventLoop)
                if let known = buffers[id] { return known }
                let new = ReceiveBuffers()
                buffers[id] = new
                return new
            }
        }
    }
}
