import Foundation
import ProgramSupport
import Synchronization

/// Clients that send the heads and bodies of requests at one byte per second.
final class Dripper {
    private let isOver = Flag()
    private let thread: Thread

    /// Begins a head on every other connection and a body on the others, and goes on.
    init(_ sockets: [Socket], token: String) {
        for (index, socket) in sockets.enumerated() {
            socket.send(
                index % 2 == 0
                    ? "GET /2/users/me HTTP/1.1\r\nHost: a\r\nX-A: "
                    : "POST /2/media/upload HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b")
        }
        thread = Thread { [isOver] in
            while !isOver.isSet.load(ordering: .relaxed) {
                // Spread over the second, as clients of their own are: a byte of all at once is a burst.
                for socket in sockets {
                    socket.send("a", waits: false)
                    usleep(UInt32(1_000_000 / sockets.count))
                }
            }
        }
        thread.start()
    }

    /// Ends it; the connections are closed with the object.
    func stop() {
        isOver.isSet.store(true, ordering: .relaxed)
        while !thread.isFinished { usleep(10_000) }
    }
}

/// Clients that send many requests at once, take the answers, and begin again a tenth of a second later.
final class Bursts {
    private let isOver = Flag()
    private let thread: Thread

    init(port: Int, connections: Int) {
        let request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        let last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        let requests = String(repeating: request, count: 63) + last
        thread = Thread { [isOver] in
            while !isOver.isSet.load(ordering: .relaxed) {
                let sockets = (0..<connections).compactMap { try? Socket(port: port, source: 2 + $0 % 50) }
                for socket in sockets { socket.send(requests) }
                for socket in sockets { _ = socket.receiveAll(quiet: 10_000) }
                usleep(100_000)
            }
        }
        thread.start()
    }

    /// Ends it.
    func stop() {
        isOver.isSet.store(true, ordering: .relaxed)
        while !thread.isFinished { usleep(10_000) }
    }
}

/// Tells a thread that it is over.
private final class Flag: Sendable {
    let isSet = Atomic(false)
}

/// Connections that are made while something else is done.
final class Crowd: Sendable {
    private let made = Mutex<Result<[Socket], any Error>?>(nil)

    init(_ make: @escaping @Sendable () throws -> [Socket]) {
        Thread { [self] in
            let sockets = Result { try make() }
            made.withLock { $0 = sockets }
        }.start()
    }

    /// All of them, as soon as they are there.
    func sockets() throws -> [Socket] {
        while true {
            if let made = made.withLock({ $0 }) { return try made.get() }
            usleep(1000)
        }
    }
}
