import NIOCore

/// Runs a connection's tasks on its own event loop.
///
/// Otherwise every buffer of a body changes threads twice, from the event loop to Swift's pool and back, and each change
/// wakes a sleeping thread: as much work as parsing the buffer. Routes never block (files, the catalog and decoders have
/// threads of their own), so the loop is free again at every `await`.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
