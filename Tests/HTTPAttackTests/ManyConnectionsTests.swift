import Foundation
import ProgramSupport
import Synchronization
import Testing

/// Attacks by number: others are served while they last, and nothing of them is left afterwards.
@Suite("Many connections", .serialized, .timeLimit(.minutes(10)))
struct ManyConnectionsTests {
    /// Source addresses, so that the connections have more ports than one address gives.
    private static let sources = 50

    private func connect(_ count: Int, to victim: Victim) throws -> [Socket] {
        try (0..<count).map { try Socket(port: victim.port, source: 2 + $0 % Self.sources) }
    }

    @Test("heads and bodies at one byte per second")
    func slowloris() throws {
        let victim = try Victim()
        let (before, files) = (try victim.probe(200), victim.openFiles)
        var sockets = try connect(Size.of(sample: 200, full: 1000), to: victim)
        for (index, socket) in sockets.enumerated() {
            let isHead = index % 2 == 0
            socket.send(
                isHead
                    ? "GET /2/users/me HTTP/1.1\r\nHost: a\r\nX-A: "
                    : "POST /2/media/upload HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(victim.token)\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b")
        }
        let isOver = Atomic(false)
        let dripping = sockets
        let dripper = Thread {
            while !isOver.load(ordering: .relaxed) {
                for socket in dripping { socket.send("a", waits: false) }
                sleep(1)
            }
        }
        dripper.start()
        sleep(1)
        let during = try victim.probe(300)
        report("slowloris with \(sockets.count) connections", victim, before, during)
        #expect(during.isServed(besides: before))
        if Size.isFull {
            // 30 s for a head, and as long for a body's rate to be judged.
            let areCut = victim.wait(90) { victim.openFiles <= files + 5 }
            #expect(areCut, "\(victim.openFiles) files are open, \(files) before")
        }
        isOver.store(true, ordering: .relaxed)
        while !dripper.isFinished { usleep(50_000) }
        sockets = []
        withExtendedLifetime(dripping) {}
        let answers = try victim.probe(10)
        #expect(answers.isServed(besides: before))
    }

    @Test("idle connections that are kept alive")
    func idle() throws {
        let victim = try Victim()
        let (before, memory) = (try victim.probe(200), victim.residentMebibytes)
        var sockets = try connect(Size.of(sample: 2000, full: 10_000), to: victim)
        for socket in sockets { socket.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n") }
        for socket in sockets {
            let answer = try #require(socket.receive(within: 30_000))
            #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
        }
        let during = try victim.probe(300)
        report("\(sockets.count) idle connections, +\(victim.residentMebibytes - memory) MiB", victim, before, during)
        #expect(during.isServed(besides: before))
        let files = victim.openFiles
        let count = sockets.count
        #expect(files >= count)
        sockets = []
        #expect(victim.wait { victim.openFiles <= files - count })
    }

    @Test("headers that do not end are refused with 431 before they are kept, and cost others no more than requests do")
    func hugeHeaders() throws {
        let victim = try Victim()
        let (before, memory) = (try victim.probe(200), victim.residentMebibytes)
        let count = Size.of(sample: 20, full: 100)
        // As many requests that are in order, for comparison.
        let ordinary = try victim.probe(300, during: count, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        let line = "X-A: " + String(repeating: "a", count: 8000) + "\r\n"
        let head = "GET /healthz HTTP/1.1\r\nHost: a\r\n" + String(repeating: line, count: 12)
        let during = try victim.probe(300, during: count, head)
        report("ten times a second \(count) requests", victim, before, ordinary)
        report(
            "ten times a second \(count) heads of 96 KB, +\(victim.residentMebibytes - memory) MiB", victim, ordinary,
            during)
        #expect(during.isServed(besides: ordinary))
        for socket in try connect(Size.of(sample: 100, full: 1000), to: victim) {
            socket.send(head)
            let (answer, isClosed) = socket.receiveAll(quiet: 20_000)
            // The client's own sending may have cost it the answer, never the other way round.
            #expect(isClosed)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 431 "), "\(answer.prefix(100))")
        }
    }

    @Test("requests without end whose answers nobody reads take bounded memory")
    func unreadAnswers() throws {
        let victim = try Victim()
        let (before, memory) = (try victim.probe(200), victim.residentMebibytes)
        let sockets = try connect(Size.of(sample: 50, full: 400), to: victim)
        let requests = Array(String(repeating: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", count: 4000).utf8)
        for _ in 0..<8 { for socket in sockets { socket.send(requests, waits: false) } }
        // A burst of requests that are in order, as any other: it takes its time, and is over.
        let burst = try victim.probe(100)
        report("\(sockets.count) connections that pipeline all at once", victim, before, burst)
        usleep(2_000_000)
        let during = try victim.probe(200)
        let growth = victim.residentMebibytes - memory
        report("\(sockets.count) connections that never read, +\(growth) MiB", victim, before, during)
        #expect(during.isServed(besides: before))
        // Half a MiB for each, and some for the allocator.
        #expect(growth < sockets.count / 2 + 100, "\(growth) MiB for \(sockets.count) connections")
    }

    private func report(_ attack: String, _ victim: Victim, _ before: Latency, _ during: Latency) {
        print(
            "attack: \(attack): before \(before); during \(during); ratio \(String(format: "%.1f", during.p99 / before.p99))"
        )
    }
}
