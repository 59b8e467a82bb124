import NIOCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("An answer that is given while the client still sends reaches it", .timeLimit(.minutes(1)))
struct EarlyAnswerTests {
    @Test("A client that sends 8 MiB before it reads gets the refusal, not a reset")
    func refusalOfLargeBody() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: \(8 << 20)\r\n\r\n")
                for _ in 0..<8 { try await connection.send(bytes: 1 << 20) }
                let answer = try await connection.response()
                #expect(answer.status == 413)
                #expect(answer["connection"] == "close")
                #expect(try answer.problem.detail == "At most 1 byte.")
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test("No more than the limit is read and dropped")
    func lingerBytes() async throws {
        var settings = ServerSettings()
        settings.limits.lingerBytes = 1 << 20
        settings.limits.lingerTime = .seconds(50)
        try await TestServer.run(settings) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /refuse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                #expect(try await connection.response().status == 413)
                await #expect(throws: (any Error).self) {
                    // More than the limit and both sockets' buffers together.
                    for _ in 0..<256 {
                        try await connection.send("100000\r\n")
                        try await connection.send(bytes: 1 << 20)
                        try await connection.send("\r\n")
                    }
                }
            }
        }
    }

    @Test("A client that neither sends nor closes is not waited for longer than the limit")
    func lingerTime() async throws {
        var settings = ServerSettings()
        settings.limits.lingerTime = .milliseconds(100)
        try await TestServer.run(settings) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
                #expect(try await connection.response().status == 413)
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test("The small rest of a body is read, and the connection kept")
    func smallRest() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
                let answer = try await connection.response()
                #expect(answer.status == 200)
                #expect(answer["connection"] == nil)
                try await connection.send("0123456789GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().body == #"{"path":"/a/b"}"#)
            }
        }
    }

    @Test("The small rest of a body that does not come ends the connection")
    func smallRestMissing() async throws {
        var settings = ServerSettings()
        settings.limits.lingerTime = .milliseconds(100)
        try await TestServer.run(settings) { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
                #expect(try await connection.response().status == 200)
                #expect(await connection.readToEnd() == "")
            }
        }
    }
}
