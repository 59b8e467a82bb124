import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MediaHTTP

@Suite("Turns of an event loop", .timeLimit(.minutes(1)))
struct LoopTurnsTests {
    /// Remembers how far the busy ones were when its first byte came.
    private final class Ear: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let done: Counter
        let heardAfter = Atomic<Int>(-1)

        init(_ done: Counter) { self.done = done }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            heardAfter.store(done.value, ordering: .relaxed)
        }
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        var value: Int { count.load(ordering: .relaxed) }

        func add() { count.add(1, ordering: .relaxed) }
    }

    @Test("somebody else is heard between the requests of those who always have a next one, however long each takes")
    func others() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let (turns, done) = (LoopTurns(), Counter())
        let ear = Ear(done)
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(ear) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(to: #require(server.localAddress)).get()
        let (busy, rounds) = (30, 40)
        await withTaskExecutorPreference(EventLoopExecutor(loop)) {
            await withTaskGroup(of: Void.self) { tasks in
                for index in 0..<busy {
                    tasks.addTask {
                        for _ in 0..<rounds {
                            if index == 0, done.value < busy {
                                client.writeAndFlush(ByteBuffer(string: "a"), promise: nil)
                            }
                            let end = ContinuousClock.now + .microseconds(200)
                            while ContinuousClock.now < end {}
                            done.add()
                            await turns.next(of: loop)
                        }
                    }
                }
            }
        }
        #expect(done.value == busy * rounds)
        // Each look lets a few go on; another thread sends the byte, on a machine that may be busy.
        let heardAfter = ear.heardAfter.load(ordering: .relaxed)
        #expect(heardAfter >= 0 && heardAfter < busy * rounds / 2, "heard after \(heardAfter) of \(done.value)")
        try await client.close()
        try await server.close()
        try await group.shutdownGracefully()
    }

    @Test("all who wait go on, a few after each look")
    func all() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (turns, done) = (LoopTurns(), Counter())
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<(3 * LoopBell.share + 1) {
                tasks.addTask {
                    await turns.next(of: group.next())
                    done.add()
                }
            }
        }
        #expect(done.value == 3 * LoopBell.share + 1)
        try await group.shutdownGracefully()
    }

    @Test("nobody waits for a loop that has ended")
    func end() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let bell = try #require(LoopBell(group.next()))
        await bell.wait()
        try await group.shutdownGracefully()
        await bell.wait()
    }
}
