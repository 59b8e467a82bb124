import NIOCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Bytes that are no request are answered with a problem document, and nothing after them is read")
struct MalformedRequestTests {
    @Test(
        "Ambiguous framing, which a proxy in front may read in another way (RFC 9112, 11.2)",
        .timeLimit(.minutes(1)),
        arguments: [
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
            "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "POST /read HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /read HTTP/1.1\nHost: a\nContent-Length: 0\n\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX-A: b\rX-B: c\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n",
            "GET /hello HTTP/1.1\r\n\r\n",
            "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
            "nonsense\r\n\r\n",
        ])
    func ambiguous(bytes: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(bytes)
                let answer = try await connection.response()
                #expect(answer.status == 400)
                #expect(answer["connection"] == "close")
                #expect(answer["content-type"] == "application/problem+json")
                #expect(answer["x-transaction-id"]?.count == 16)
                #expect(try answer.problem.title == "Invalid Request")
                try? await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                connection.finish()
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test(
        "A coding that the server cannot undo is refused with 501", .timeLimit(.minutes(1)),
        arguments: ["gzip, chunked", "identity"])
    func coding(name: String) async throws {
        try await TestServer.run { server in
            let answer = try await server.request("POST", "/read", headers: ["Transfer-Encoding": name])
            #expect(answer.status == 501)
            #expect(try answer.problem.detail.contains("[\(name)]"))
        }
    }

    @Test("A version that is not HTTP/1 is refused", .timeLimit(.minutes(1)))
    func version() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /hello HTTP/3.0\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().status == 400)
            }
        }
    }

    @Test(
        "Oversized heads are refused with 431 before they are kept", .timeLimit(.minutes(1)),
        arguments: [
            "X-A: " + String(repeating: "a", count: 20_000) + "\r\n",
            (0..<101).map { "X-\($0): a\r\n" }.joined(),
            (0..<2).map { "X-\($0): \(String(repeating: "a", count: 9000))\r\n" }.joined(),
        ])
    func oversized(headers: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\(headers)\r\n")
                let answer = try await connection.response()
                #expect(answer.status == 431)
                #expect(try answer.problem.title == "Request Header Fields Too Large")
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test("A client that goes on after its head was refused is cut off", .timeLimit(.minutes(1)))
    func endless() async throws {
        var settings = ServerSettings()
        settings.limits.lingerTime = .seconds(50)
        try await TestServer.run(settings) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "GET /hello HTTP/1.1\r\nHost: a\r\nX-A: \(String(repeating: "a", count: 20_000))")
                #expect(try await connection.response().status == 431)
                await #expect(throws: (any Error).self) {
                    // More than is dropped and both sockets' buffers together.
                    for _ in 0..<64 { try await connection.send(bytes: 1 << 20) }
                }
            }
        }
    }

    @Test("A request target of any length ends in an answer", .timeLimit(.minutes(1)))
    func longTarget() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect([404, 431].contains(try await connection.response().status))
            }
        }
    }
}

@Suite("Several requests on one connection", .timeLimit(.minutes(1)))
struct PipeliningTests {
    @Test("Pipelined requests are answered in their order")
    func order() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                var bytes = ""
                for id in 1...30 {
                    bytes += "GET /items/\(id) HTTP/1.1\r\nHost: a\r\n\r\n"
                    bytes += "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                }
                try await connection.send(bytes)
                for id in 1...30 {
                    #expect(try await connection.response().body == #"{"id":"\#(id)"}"#)
                    #expect(try await connection.response().body == #"{"bytes":3}"#)
                }
            }
        }
    }

    @Test("What was asked before nonsense is answered; then 400 and the end")
    func nonsenseAfterRequests() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "GET /items/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /items/2 HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
                #expect(try await connection.response().body == #"{"id":"1"}"#)
                #expect(try await connection.response().body == #"{"id":"2"}"#)
                let last = try await connection.response()
                #expect(last.status == 400)
                #expect(last["connection"] == "close")
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test(
        "After `Connection: close` and after an upgrade nobody wants, the answer is the last one",
        arguments: [
            "Connection: close\r\n", "Connection: upgrade\r\nUpgrade: h2c\r\n",
        ])
    func lastRequest(header: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\(header)\r\n")
                let answer = try await connection.response()
                #expect(answer.status == 200)
                #expect(answer["connection"] == "close")
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test(
        "What follows the last request is not processed (RFC 9112, 9.6)",
        arguments: ["close", "Close", "keep-alive, close"])
    func afterLastRequest(option: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "GET /items/1 HTTP/1.1\r\nHost: a\r\nConnection: \(option)\r\n\r\n"
                        + "GET /items/2 HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await connection.response()
                #expect(answer.body == #"{"id":"1"}"#)
                #expect(answer["connection"] == "close")
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test("More requests at once than may wait are not taken; those before are answered, the last one with a close")
    func tooMany() async throws {
        var settings = ServerSettings()
        settings.limits.pipelinedRequests = 10
        try await TestServer.run(settings) { server in
            try await RawConnection.open(port: server.port) { connection in
                // The first one holds up the others.
                try await connection.send(
                    "POST /hold/500 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                        + String(repeating: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", count: 50))
                for number in 1...10 {
                    let answer = try await connection.response()
                    #expect(answer.status == 200)
                    #expect(answer["connection"] == (number == 10 ? "close" : nil))
                }
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test("A stopping server answers what it has begun, and then closes")
    func shutdown() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "POST /read HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                #expect(try await connection.response().status == 100)
                await server.stop()
                try await connection.send("abc")
                #expect(try await connection.response().body == #"{"bytes":3}"#)
                #expect(await connection.readToEnd() == "")
            }
        }
    }
}
