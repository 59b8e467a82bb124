import NIOCore
import Synchronization

/// Lets event loops look at their sockets between the requests of clients that send many at once.
///
/// An event loop looks at its sockets only when no task is left. A connection whose next request is there already always
/// has one left: a few such connections, and nobody else would be heard until all of theirs are answered.
final class LoopTurns: Sendable {
    /// After the last that begins to wait, so that the loop runs out of tasks first.
    private static let pause = TimeAmount.microseconds(50)

    private struct Loop {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var timer: Scheduled<Void>?
    }

    private let loops = Mutex<[ObjectIdentifier: Loop]>([:])

    /// Returns when the event loop has looked at its sockets.
    func next(of eventLoop: any EventLoop) async {
        await withCheckedContinuation { continuation in
            let id = ObjectIdentifier(eventLoop)
            loops.withLock { loops in
                loops[id, default: Loop()].waiting.append(continuation)
                loops[id]?.timer?.cancel()
                loops[id]?.timer = eventLoop.scheduleTask(in: Self.pause) { self.end(id) }
            }
        }
    }

    private func end(_ id: ObjectIdentifier) {
        let waiting = loops.withLock { $0.removeValue(forKey: id)?.waiting } ?? []
        for continuation in waiting { continuation.resume() }
    }
}
