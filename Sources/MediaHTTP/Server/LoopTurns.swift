import NIOCore
import Synchronization

/// Lets event loops look at their sockets between the requests of clients that send many at once.
///
/// An event loop looks at its sockets only when no task is left, and a task that waits for a time that is over counts as one
/// that is left. A connection whose next request is there already always has one: a few such connections, and nobody
/// else would be heard until all of theirs are answered. So they wait for something that only a look can bring.
final class LoopTurns: Sendable {
    private let bells = Mutex<[ObjectIdentifier: LoopBell]>([:])

    /// Returns when the event loop has looked at its sockets, and those who waited before have gone on.
    func next(of eventLoop: any EventLoop) async {
        let bell = bells.withLock { bells -> LoopBell? in
            let id = ObjectIdentifier(eventLoop)
            if let known = bells[id] { return known }
            // Without a descriptor to spare there are no turns; the next request tries again.
            bells[id] = LoopBell(eventLoop)
            return bells[id]
        }
        await bell?.wait()
    }
}
