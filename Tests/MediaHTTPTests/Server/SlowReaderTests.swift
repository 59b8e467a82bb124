import NIOCore
import Testing

@testable import MediaHTTP

/// Clients that do not read what they asked for.
@Suite("Slow readers", .timeLimit(.minutes(1)))
struct SlowReaderTests {
    private static let time = TimeAmount.seconds(60)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// More than the buffers of two sockets take.
    private static let mebibytes = 48

    @Test("A client that takes nothing of its answer is cut off, also when it is to be the connection's last")
    func neverReads() async throws {
        for header in ["", "Connection: close\r\n"] {
            var settings = ServerSettings()
            settings.limits.sendTime = .milliseconds(200)
            try await TestServer.run(settings) { server in
                try await RawConnection.open(port: server.port) { connection in
                    try await connection.send("GET /large/\(Self.mebibytes) HTTP/1.1\r\nHost: a\r\n\(header)\r\n")
                    // Ten times as long as it may take.
                    try await Task.sleep(for: .seconds(4))
                    let received = await connection.drop(atLeast: Self.mebibytes << 20)
                    #expect(received > 0)
                    #expect(received < Self.mebibytes << 20)
                }
            }
        }
    }

    @Test("A client that reads slowly gets its whole answer, however much longer that takes")
    func readsSlowly() async throws {
        var settings = ServerSettings()
        // Less than all of it takes, and more than this test waits for its turn among all others.
        settings.limits.sendTime = .seconds(5)
        settings.limits.idleTime = .seconds(5)
        try await TestServer.run(settings) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "GET /large/\(Self.mebibytes) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                var received = 0
                for _ in 0..<Self.mebibytes {
                    try await Task.sleep(for: .milliseconds(150))
                    received += await connection.drop(atLeast: 1 << 20)
                }
                received += await connection.drop(atLeast: Int.max)
                #expect(received > Self.mebibytes << 20)
            }
        }
    }

    @Test("The clock stands while nothing waits for the client")
    func idle() {
        var meter = SendMeter()
        meter.give(at: start, time: Self.time)
        #expect(meter.deadline == start + .seconds(60))
        let finding = meter.look(at: start + .seconds(60), waiting: 0, time: Self.time)
        #expect(finding == .idle)
        #expect(meter.deadline == nil)
        meter.give(at: start + .hours(1), time: Self.time)
        #expect(meter.deadline == start + .hours(1) + .seconds(60))
    }

    @Test("One byte within the time is enough; none ends the connection after the time once more")
    func progress() {
        var meter = SendMeter()
        meter.give(at: start, time: Self.time)
        var findings: [SendMeter.Finding] = []
        for (minute, waiting) in [(1, 900), (2, 899), (3, 899)] {
            findings.append(
                meter.look(at: start + .minutes(Int64(minute)), waiting: waiting, time: Self.time))
        }
        #expect(findings == [.moving, .moving, .stalled])
    }

    @Test("What is given meanwhile was made room for")
    func given() {
        var meter = SendMeter()
        meter.give(at: start, time: Self.time)
        _ = meter.look(at: start + .minutes(1), waiting: 900, time: Self.time)
        meter.give(at: start + .seconds(90), time: Self.time)
        let second = meter.look(at: start + .minutes(2), waiting: 1000, time: Self.time)
        let third = meter.look(at: start + .minutes(3), waiting: 1000, time: Self.time)
        #expect(second == .moving)
        #expect(third == .stalled)
    }

    @Test("Before the time nothing is said of the client")
    func early() {
        var meter = SendMeter()
        meter.give(at: start, time: Self.time)
        let finding = meter.look(at: start + .seconds(59), waiting: 1000, time: Self.time)
        #expect(finding == .moving)
        #expect(meter.deadline == start + .seconds(60))
    }
}
