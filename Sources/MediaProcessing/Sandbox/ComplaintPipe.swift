import Foundation
import Synchronization
import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A process's standard error: a pipe of ours whose ends of the text are kept.
///
/// It is made before the process is started. swift-subprocess (1.0.2) ends the whole program when it has made a pipe and
/// cannot make the next one (`IODescriptor.deinit`), so it is given no more than one to make for a process: a server that
/// is out of descriptors must put the job back, not die.
final class ComplaintPipe: Sendable {
    /// What the process gets as its standard error.
    let writing: FileDescriptor
    private let reading: FileDescriptor
    private let limit: Int
    private let isWritingOpen = Mutex(true)
    private let isOver = Atomic(false)

    /// Makes a pipe.
    ///
    /// - Parameter limit: bytes kept of each end of the text.
    /// - Throws: as pipe(2).
    init(limit: Int) throws {
        (reading, writing) = try FileDescriptor.pipe(options: .closeOnExec)
        self.limit = limit
    }

    deinit {
        closeWriting()
        try? reading.close()
    }

    /// Says that the process has ended, or was not started: what is in the pipe is the rest.
    func finish() {
        isOver.store(true, ordering: .releasing)
        closeWriting()
    }

    /// Reads until ``finish()``; a thread of its own waits, as a pool's threads are too few to be kept for minutes.
    func text() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.read()) }
        }
    }

    private func closeWriting() {
        isWritingOpen.withLock { isOpen in
            if isOpen { try? writing.close() }
            isOpen = false
        }
    }

    private func read() -> String {
        var ends = HeadAndTail(limit: limit)
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            // A process that outlives the one we started may hold the pipe open for ever: look for the end now and then.
            let wasOver = isOver.load(ordering: .acquiring)
            var waited = pollfd(fd: reading.rawValue, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waited, 1, wasOver ? 0 : 200)
            if ready == 0, wasOver { return ends.text }
            guard ready > 0 else { continue }
            let count = buffer.withUnsafeMutableBytes { try? reading.read(into: $0) } ?? 0
            if count == 0 { return ends.text }
            ends.append(Array(buffer[..<count]))
        }
    }
}
