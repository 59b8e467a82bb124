import NIOCore
import NIOHPACK
import NIOHTTP2
import Testing

@testable import MediaHTTP

/// What one request over HTTP/2 may cost, and what its connection.
@Suite("HTTP/2 streams", .timeLimit(.minutes(1)))
struct HTTP2StreamTests {
    private func run(
        _ limits: ConnectionLimits = ConnectionLimits(), configuration: NIOHTTP2Handler.Configuration = .init(),
        _ body: @escaping @Sendable (HTTP2Client) async throws -> Void
    ) async throws {
        try await TestServer.runEncrypted(limits) { server in
            let client = try await HTTP2Client.connect(port: server.port, configuration: configuration)
            defer { client.close() }
            try await body(client)
        }
    }

    @Test("a body that stops coming is answered with 408, and the other streams go on")
    func slowBody() async throws {
        var limits = ConnectionLimits()
        limits.bodyWindow = .milliseconds(500)
        try await run(limits) { client in
            let stream = try await client.open()
            let answer = try await stream.executeThenClose { inbound, outbound in
                try await outbound.write(HTTP2Client.head("POST", "/read", [("content-length", "100")]))
                try await outbound.write(HTTP2Client.data(ByteBuffer(string: "abc")))
                return await HTTP2Client.answer(inbound)
            }
            #expect(answer.status == "408")
            #expect(try await client.send("GET", "/hello").status == "200")
        }
    }

    @Test("a body that comes steadily is read to its end, however long that takes")
    func steadyBody() async throws {
        var limits = ConnectionLimits()
        limits.bodyWindow = .seconds(4)
        limits.bodyBytesPerWindow = 2
        try await run(limits) { client in
            let stream = try await client.open()
            let answer = try await stream.executeThenClose { inbound, outbound in
                try await outbound.write(HTTP2Client.head("POST", "/read"))
                for index in 0..<30 {
                    try await Task.sleep(for: .milliseconds(200))
                    try await outbound.write(HTTP2Client.data(ByteBuffer(string: "a"), end: index == 29))
                }
                return await HTTP2Client.answer(inbound)
            }
            #expect(answer.body == #"{"bytes":30}"#)
        }
    }

    @Test("an answer before the body's end reaches the client, which is asked to stop")
    func earlyAnswer() async throws {
        try await run { client in
            let stream = try await client.open()
            let answer = try await stream.executeThenClose { inbound, outbound in
                try await outbound.write(HTTP2Client.head("POST", "/refuse", [("content-length", "1000000")]))
                try await outbound.write(HTTP2Client.data(ByteBuffer(string: "abc")))
                return await HTTP2Client.answer(inbound)
            }
            #expect(answer.status == "413")
            #expect(answer.isComplete)
            #expect(answer.reset == .noError)
        }
    }

    @Test(
        "100 Continue is sent when the route reads, and only to a client that asked for it", arguments: [true, false])
    func expectation(asks: Bool) async throws {
        try await run { client in
            let answer = try await client.send(
                "POST", "/read", asks ? [("expect", "100-continue")] : [], body: ByteBuffer(string: "abc"))
            // The body may be there before the route reads; then nobody waits any more.
            #expect(answer.status == "200" && answer.body == #"{"bytes":3}"#)
            guard asks else { return #expect(answer.statuses == ["200"]) }
            let stream = try await client.open()
            let statuses = try await stream.executeThenClose { inbound, outbound in
                try await outbound.write(HTTP2Client.head("POST", "/read", [("expect", "100-continue")]))
                var statuses: [String] = []
                for try await payload in inbound {
                    guard case .headers(let head) = payload else { continue }
                    statuses += head.headers[":status"]
                    if statuses == ["100"] {
                        try await outbound.write(HTTP2Client.data(ByteBuffer(string: "abc"), end: true))
                    }
                }
                return statuses
            }
            #expect(statuses == ["100", "200"])
        }
    }

    @Test("more header fields than the server takes are refused, a header list that is too large too")
    func heads() async throws {
        try await run { client in
            let fields = (0..<150).map { ("x-\($0)", "a") }
            let answer = try await client.send("GET", "/hello", fields)
            #expect(answer.status == "431")
            #expect(answer.isComplete)
            #expect(try await client.send("GET", "/hello").status == "200")
        }
        try await TestServer.runEncrypted { server in
            // 16 literals of 2 KiB (RFC 7541, 6.2.2 and 5.1), in three frames.
            let field: [UInt8] = [0x00, 0x01, 0x61, 0x7F, 0x81, 0x0F] + [UInt8](repeating: 0x61, count: 2048)
            let fields = MuteClient.fields("/hello") + (0..<16).flatMap { _ in field }
            let frames =
                MuteClient.frame(type: 1, flags: 1, stream: 1, Array(fields[..<16_000]))
                + MuteClient.frame(type: 9, stream: 1, Array(fields[16_000..<32_000]))
                + MuteClient.frame(type: 9, flags: 4, stream: 1, Array(fields[32_000...]))
            let client = try await MuteClient.connect(port: server.port, sending: MuteClient.preface + frames)
            #expect(try await !client.closed().contains(#"{"path":"/a/b"}"#))
        }
    }

    @Test("a client that takes nothing of its answer loses the stream; one that takes some from time to time does not")
    func slowReader() async throws {
        var limits = ConnectionLimits()
        limits.sendTime = .seconds(4)
        try await run(limits) { client in
            let mebibytes = 2
            for isMute in [false, true] {
                let stream = try await client.open()
                let (bytes, isComplete) = try await stream.executeThenClose { inbound, outbound in
                    try await outbound.write(HTTP2Client.head("GET", "/large/\(mebibytes)", end: true))
                    var (bytes, isComplete) = (0, false)
                    if isMute { try await Task.sleep(for: .seconds(10)) }
                    do {
                        for try await payload in inbound {
                            guard case .data(let data) = payload else { continue }
                            bytes += data.data.readableBytes
                            isComplete = data.endStream
                            // 64 KiB windows: for what a route writes at once, 1 MiB, more than the time of one step.
                            if bytes % (1 << 16) < 1 << 14 { try await Task.sleep(for: .milliseconds(300)) }
                        }
                    } catch is NIOHTTP2Errors.StreamClosed {}
                    return (bytes, isComplete)
                }
                #expect(isComplete == !isMute, "\(bytes) bytes")
                #expect(bytes < mebibytes << 20 || !isMute)
            }
        }
    }

    @Test("a route that is slow to go on with its answer does not make the client slow")
    func slowRoute() async throws {
        var limits = ConnectionLimits()
        limits.sendTime = .milliseconds(300)
        try await run(limits) { client in
            let answer = try await client.send("GET", "/paused/1500")
            #expect(answer.isComplete)
            #expect(answer.body == "ab")
        }
    }

    @Test("no more streams at once than the limit says")
    func streams() async throws {
        var limits = ConnectionLimits()
        limits.streams = 3
        // A client that knows what it may, and does not care.
        try await TestServer.runEncrypted(limits) { server in
            let acknowledged = MuteClient.frame(type: 4, flags: 1, stream: 0)
            let heads = (0..<5).flatMap { index in
                MuteClient.frame(
                    type: 1, flags: 4, stream: UInt8(2 * index + 1), MuteClient.fields(isPost: true, "/read"))
            }
            try await MuteClient.connect(port: server.port, sending: MuteClient.preface + acknowledged + heads).closed()
        }
    }

    @Test("a client may send no more than the stream's window beyond what the route reads")
    func windows() async throws {
        var limits = ConnectionLimits()
        let window = 64 << 10
        limits.streamWindow = window
        try await TestServer.runEncrypted(limits) { server in
            let head = MuteClient.frame(type: 1, flags: 4, stream: 1, MuteClient.fields(isPost: true, "/gated"))
            let acknowledged = MuteClient.frame(type: 4, flags: 1, stream: 0)
            let client = try await MuteClient.connect(
                port: server.port, sending: MuteClient.preface + acknowledged + head)
            let piece = MuteClient.frame(type: 0, stream: 1, [UInt8](repeating: 0x61, count: 1 << 14))
            var (sent, quiet) = (0, 0)
            while quiet < 10 {
                if sent + (1 << 14) <= window + client.allowance(ofStream: 1) {
                    try await client.send(piece)
                    (sent, quiet) = (sent + (1 << 14), 0)
                } else {
                    try await Task.sleep(for: .milliseconds(100))
                    quiet += 1
                }
                // The window, and one read that the server's channels hold for the route.
                guard sent <= 3 * window else { break }
            }
            #expect(sent >= window)
            #expect(sent <= 3 * window, "\(sent) bytes")
            TestRoutes.gate.open()
            try await client.close()
        }
    }
}
