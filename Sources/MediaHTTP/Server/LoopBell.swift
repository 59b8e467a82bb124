import NIOCore
import NIOPosix
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A pipe on which an event loop hears that it has looked at its sockets.
///
/// Whoever waits writes a byte, all who wait together one, and is let go on when the loop reads it.
final class LoopBell: Sendable {
    /// How many go on after each look: their requests are the time that all others of the loop wait.
    static let share = 4

    private let queue: Queue
    /// The pipe's end that is written; the loop has the other one, and closes it when this one is closed.
    private let bell: Int32

    /// Makes the pipe; nil if the system gives none.
    init?(_ eventLoop: any EventLoop) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        // Not for the decoders that are started meanwhile.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (input, bell) = (ends[0], ends[1])
        let queue = Queue(bell: bell)
        self.bell = bell
        self.queue = queue
        NIOPipeBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Listener(queue: queue))
                }
            }
            .takingOwnershipOfDescriptor(input: input)
            .whenFailure { _ in
                close(input)
                queue.end()
            }
    }

    deinit { close(bell) }

    /// Returns when the loop has looked at its sockets, and those who waited before have gone on.
    func wait() async { await queue.wait() }

    /// Those who wait.
    private final class Queue: Sendable {
        private struct State {
            var waiting: [CheckedContinuation<Void, Never>] = []
            /// A byte is in the pipe.
            var isRung = false
            /// Nobody reads the pipe.
            var isOver = false
        }

        private let bell: Int32
        private let state = Mutex(State())

        init(bell: Int32) { self.bell = bell }

        func wait() async {
            await withCheckedContinuation { continuation in
                let (rings, isOver) = state.withLock { state in
                    guard !state.isOver else { return (false, true) }
                    state.waiting.append(continuation)
                    defer { state.isRung = true }
                    return (!state.isRung, false)
                }
                if rings { ring() }
                if isOver { continuation.resume() }
            }
        }

        /// The loop has looked.
        func looked() {
            let (turn, isMore) = state.withLock { state in
                let turn = Array(state.waiting.prefix(LoopBell.share))
                state.waiting.removeFirst(turn.count)
                state.isRung = !state.waiting.isEmpty
                return (turn, state.isRung)
            }
            if isMore { ring() }
            for continuation in turn { continuation.resume() }
        }

        func end() {
            let waiting = state.withLock { state in
                state.isOver = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }

        /// Never blocks: the pipe is empty.
        private func ring() {
            var byte: UInt8 = 0
            while write(bell, &byte, 1) < 0 {
                if errno != EINTR { return end() }
            }
        }
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let queue: Queue

        init(queue: Queue) { self.queue = queue }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { queue.looked() }

        func channelInactive(context: ChannelHandlerContext) { queue.end() }
    }
}
