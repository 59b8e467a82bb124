import Testing
import XMedia

@testable import MediaHTTP

@Suite("Expect: 100-continue (RFC 9110, 10.1.1)", .timeLimit(.minutes(1)))
struct ExpectContinueTests {
    @Test("The interim answer comes when the route reads the body")
    func read() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "POST /read HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n")
                let interim = try await connection.response()
                #expect(interim.status == 100)
                #expect(interim.headers.isEmpty)
                try await connection.send("12345")
                let answer = try await connection.response()
                #expect(answer.status == 200)
                #expect(answer.body == #"{"bytes":5}"#)
                #expect(answer["connection"] == nil)
                // The connection is as good as before.
                try await connection.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test("A refusal comes instead of the interim answer, and is the connection's last", arguments: ["refuse", "user"])
    func refusal(path: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "POST /\(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                let answer = try await connection.response()
                #expect(answer.status == (path == "user" ? 401 : 413))
                #expect(answer["connection"] == "close")
            }
        }
    }

    @Test("A client that sends its body without waiting gets no interim answer twice")
    func impatient() async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "POST /read HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n12345")
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test("HTTP/1.0 has no expectations: no interim answer, no refusal", arguments: ["100-continue", "magic"])
    func http10(expectation: String) async throws {
        try await TestServer.run { server in
            try await RawConnection.open(port: server.port) { connection in
                try await connection.send(
                    "POST /read HTTP/1.0\r\nExpect: \(expectation)\r\nContent-Length: 5\r\n\r\n")
                try await connection.send("12345")
                let answer = try await connection.response()
                #expect(answer.status == 200)
                #expect(answer["connection"] == "close")
                #expect(await connection.readToEnd() == "")
            }
        }
    }

    @Test("An unknown expectation is refused with 417")
    func unknown() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("POST", "/read", headers: ["Expect": "200-ok"], body: "x")
            #expect(answer.status == 417)
            #expect(try answer.problem.title == "Expectation Failed")
        }
    }
}
