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
    private let ending = Mutex(Ending.awaited(nil))

    /// What has been read, or who waits for it.
    private enum Ending {
        case awaited(CheckedContinuation<String, Never>?)
        case read(String)
    }

    /// Makes a pipe, and a thread that reads it until ``finish()``: a pool's threads are too few to be kept for minutes.
    ///
    /// - Parameter limit: bytes kept of each end of the text.
    /// - Throws: as pipe(2) and pthread_create(3): a process whose complaints nobody reads is not to be started.
    init(limit: Int) throws {
        (reading, writing) = try FileDescriptor.pipe(options: .closeOnExec)
        self.limit = limit
        do {
            try DetachedThread.start { self.end(with: self.read()) }
        } catch {
            closeWriting()
            try? reading.close()
            throw error
        }
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

    /// The text, when all of it has been read; to be asked for once.
    func text() async -> String {
        await withCheckedContinuation { continuation in
            let read: String? = ending.withLock { ending in
                if case .read(let text) = ending { return text }
                ending = .awaited(continuation)
                return nil
            }
            if let read { continuation.resume(returning: read) }
        }
    }

    private func end(with text: String) {
        let waiting: CheckedContinuation<String, Never>? = ending.withLock { ending in
            defer { ending = .read(text) }
            if case .awaited(let waiting) = ending { return waiting }
            return nil
        }
        waiting?.resume(returning: text)
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
