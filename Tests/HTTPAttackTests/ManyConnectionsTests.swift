import Foundation
import ProgramSupport
import Testing

/// Attacks by number: others are served while they last, and nothing of them is left afterwards.
@Suite("Many connections", .serialized, .timeLimit(.minutes(10)))
struct ManyConnectionsTests {
    /// Source addresses, so that the connections have more ports than one address gives.
    private static let sources = 50

    private static func connect(_ count: Int, port: Int) throws -> [Socket] {
        try (0..<count).map { try Socket(port: port, source: 2 + $0 % sources) }
    }

    @Test("heads and bodies at one byte per second")
    func slowloris() throws {
        let victim = try Victim()
        let files = victim.openFiles
        var comparison = Comparison()
        for round in 1...Comparison.rounds {
            try comparison.addRound {
                try victim.probe(300)
            } during: {
                let dripper = try Dripper(
                    Self.connect(Size.of(sample: 200, full: 1000), port: victim.port), token: victim.token)
                defer { dripper.stop() }
                sleep(1)
                let during = try victim.probe(300)
                if Size.isFull, round == Comparison.rounds {
                    // 30 s for a head, and as long for a body's rate to be judged.
                    let areCut = victim.wait(90) { victim.openFiles <= files + 5 }
                    #expect(areCut, "\(victim.openFiles) files are open, \(files) before")
                }
                return during
            }
            #expect(victim.wait { victim.openFiles <= files + 5 })
        }
        comparison.report("slowloris with \(Size.of(sample: 200, full: 1000)) connections")
        #expect(comparison.isServed)
    }

    @Test("idle connections that are kept alive, while they come and when they are there")
    func idle() throws {
        let victim = try Victim()
        let count = Size.of(sample: 2000, full: 10_000)
        let (files, memory) = (victim.openFiles, victim.residentMebibytes)
        var (coming, there) = (Comparison(), Comparison())
        var growth = 0
        for _ in 1...Comparison.rounds {
            var sockets: [Socket] = []
            try coming.addRound {
                try victim.probe(300)
            } during: {
                let crowd = Crowd { [port = victim.port] in try Self.connect(count, port: port) }
                let latency = try victim.probe(Size.of(sample: 100, full: 300))
                sockets = try crowd.sockets()
                return latency
            }
            for socket in sockets { socket.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n") }
            for socket in sockets {
                let answer = try #require(socket.receive(within: 30_000))
                #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
            }
            // Idle from here on, after ten thousand answers.
            sleep(1)
            // The same measure without them, before they came.
            try there.addRound {
                coming.without[coming.without.count - 1]
            } during: {
                try victim.probe(300)
            }
            growth = victim.residentMebibytes - memory
            #expect(victim.openFiles >= count)
            sockets = []
            #expect(victim.wait { victim.openFiles <= files + 5 })
        }
        coming.report("\(count) connections that come")
        there.report("\(count) idle connections, +\(growth) MiB")
        // While they come, the listener is busy with them: that is reported, and no promise.
        #expect(there.isServed)
        // Some 15 KiB for each in a release, twice as much in a build for debugging; and some for the allocator.
        #expect(growth < count / 10 + 100, "\(growth) MiB for \(count) connections")
    }

    @Test("headers that do not end are refused with 431 before they are kept, and cost others no more than requests do")
    func hugeHeaders() throws {
        let victim = try Victim()
        let memory = victim.residentMebibytes
        let count = Size.of(sample: 20, full: 100)
        let line = "X-A: " + String(repeating: "a", count: 8000) + "\r\n"
        let head = "GET /healthz HTTP/1.1\r\nHost: a\r\n" + String(repeating: line, count: 12)
        var comparison = Comparison()
        for _ in 1...Comparison.rounds {
            // As many requests that are in order, for comparison.
            try comparison.addRound {
                try victim.probe(300, during: count, "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            } during: {
                try victim.probe(300, during: count, head)
            }
        }
        comparison.report(
            "\(count) heads of 96 KB ten times a second beside as many requests, +\(victim.residentMebibytes - memory) MiB"
        )
        #expect(comparison.isServed)
        for socket in try Self.connect(Size.of(sample: 100, full: 1000), port: victim.port) {
            socket.send(head)
            let (answer, isClosed) = socket.receiveAll(quiet: 20_000)
            // The client's own sending may have cost it the answer, never the other way round.
            #expect(isClosed)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 431 "), "\(answer.prefix(100))")
        }
    }

    @Test("bursts of pipelined requests take turns with the requests of others")
    func bursts() throws {
        let victim = try Victim()
        var comparison = Comparison()
        for _ in 1...Comparison.rounds {
            try comparison.addRound {
                try victim.probe(300)
            } during: {
                let bursts = Bursts(port: victim.port, connections: Size.of(sample: 10, full: 50))
                defer { bursts.stop() }
                return try victim.probe(300)
            }
        }
        comparison.report(
            "bursts of \(Size.of(sample: 10, full: 50)) connections with 64 requests each, a tenth of a second between")
        #expect(comparison.isServed)
    }

    @Test("requests without end whose answers nobody reads take bounded memory")
    func unreadAnswers() throws {
        let victim = try Victim()
        let memory = victim.residentMebibytes
        let count = Size.of(sample: 50, full: 400)
        let requests = Array(String(repeating: "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", count: 4000).utf8)
        var (comparison, growth) = (Comparison(), 0)
        for _ in 1...Comparison.rounds {
            try comparison.addRound {
                try victim.probe(200)
            } during: {
                let sockets = try Self.connect(count, port: victim.port)
                for _ in 0..<8 { for socket in sockets { socket.send(requests, waits: false) } }
                let during = try victim.probe(200)
                usleep(2_000_000)
                growth = max(growth, victim.residentMebibytes - memory)
                return during
            }
        }
        comparison.report("\(count) connections that pipeline at once and never read, +\(growth) MiB")
        #expect(comparison.isServed)
        // Half a MiB for each, and some for the allocator.
        #expect(growth < count / 2 + 100, "\(growth) MiB for \(count) connections")
    }
}
