import NIOCore
import Testing

@testable import MediaHTTP

/// When an HTTP/2 connection ends.
///
/// What must not last for ever here is caught by the suite's limit of time.
@Suite("The end of HTTP/2 connections", .timeLimit(.minutes(1)))
struct HTTP2EndTests {
    private static var quick: ConnectionLimits {
        var limits = ConnectionLimits()
        // Longer than a client on a busy machine takes to begin.
        limits.idleTime = .seconds(3)
        limits.noticeTime = .milliseconds(200)
        return limits
    }

    @Test("one on which nothing is ever asked ends after the idle time, whether or not the client takes note")
    func neverUsed() async throws {
        try await TestServer.runEncrypted(Self.quick) { server in
            let client = try await HTTP2Client.connect(port: server.port)
            try await client.channel.closeFuture.get()
            try await MuteClient.connect(port: server.port).closed()
            try await MuteClient.connect(port: server.port, sending: Array(MuteClient.preface.prefix(10))).closed()
        }
    }

    @Test("a head that is not completed does not keep it")
    func slowHead() async throws {
        try await TestServer.runEncrypted(Self.quick) { server in
            // HEADERS without END_HEADERS; what follows would be a CONTINUATION.
            let begun = MuteClient.frame(type: 1, stream: 1, MuteClient.fields("/hello"))
            try await MuteClient.connect(port: server.port, sending: MuteClient.preface + begun).closed()
        }
    }

    @Test("one whose last request is answered ends after the idle time, though the client is mute")
    func usedOnce() async throws {
        try await TestServer.runEncrypted(Self.quick) { server in
            let request = MuteClient.frame(type: 1, flags: 5, stream: 1, MuteClient.fields("/hello"))
            let client = try await MuteClient.connect(port: server.port, sending: MuteClient.preface + request)
            #expect(try await client.closed().contains(#"{"path":"/a/b"}"#))
        }
    }

    @Test("a stop does not wait for a mute client")
    func stopWithMuteClient() async throws {
        var limits = ConnectionLimits()
        limits.noticeTime = .milliseconds(200)
        let client = AsyncStream.makeStream(of: MuteClient.self)
        // Returns when the server has stopped, which it does only when no connection is left.
        try await TestServer.runEncrypted(limits) { server in
            let mute = try await MuteClient.connect(port: server.port)
            let other = try await HTTP2Client.connect(port: server.port)
            #expect(try await other.send("GET", "/hello").status == "200")
            client.continuation.yield(mute)
        }
        var clients = client.stream.makeAsyncIterator()
        try await clients.next()?.closed()
    }

    @Test("a request that is in flight at a stop is answered, also when the client takes no note of it")
    func stopWithRequest() async throws {
        var limits = ConnectionLimits()
        limits.noticeTime = .milliseconds(100)
        try await TestServer.runEncrypted(limits) { server in
            let head = MuteClient.frame(type: 1, flags: 4, stream: 1, MuteClient.fields(isPost: true, "/hold/1500"))
            let client = try await MuteClient.connect(port: server.port, sending: MuteClient.preface + head)
            // Until the server has begun with the request.
            try await Task.sleep(for: .milliseconds(500))
            await server.stop()
            try await client.send(MuteClient.frame(type: 0, flags: 1, stream: 1, Array("abc".utf8)))
            #expect(try await client.closed().contains(#"{"bytes":3}"#))
        }
    }
}
