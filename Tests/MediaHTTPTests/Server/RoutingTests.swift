import Logging
import Synchronization
import Testing
import XMedia

@testable import MediaHTTP

@Suite("What every answer has", .timeLimit(.minutes(1)))
struct RoutingTests {
    @Test("A request id of 16 hexadecimal digits, another one each time")
    func transactionID() async throws {
        try await TestServer.run { server in
            var ids: Set<String> = []
            for path in ["/hello", "/nowhere", "/unforeseen"] {
                let id = try #require(try await server.request("GET", path)["x-transaction-id"])
                #expect(id.count == 16 && id.allSatisfy(\.isHexDigit))
                ids.insert(id)
            }
            #expect(ids.count == 3)
        }
    }

    @Test("JSON has its members in order and bare slashes")
    func json() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("GET", "/hello")
            #expect(answer.body == #"{"path":"/a/b"}"#)
            #expect(answer["content-type"] == "application/json; charset=utf-8")
            #expect(answer["server"] == "roost")
        }
    }

    @Test("HEAD is GET without the body")
    func head() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("HEAD", "/hello")
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "15")
            #expect(try await server.request("HEAD", "/nowhere").status == 404)
        }
    }

    @Test("An unknown path is 404 in the frame of every other problem")
    func notFound() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("GET", "/nowhere?token=secret")
            #expect(answer.status == 404)
            #expect(answer["content-type"] == "application/problem+json")
            let problem = try answer.problem
            #expect(problem.type == "about:blank")
            #expect(problem.title == "Not Found")
            #expect(problem.detail == "There is nothing at [/nowhere].")
        }
    }

    @Test("A method that the path does not take is 405 and says which it takes")
    func methodNotAllowed() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("POST", "/items/5", body: "x")
            #expect(answer.status == 405)
            #expect(answer["allow"] == "DELETE, GET, HEAD")
            #expect(try answer.problem.title == "Method Not Allowed")
            #expect(try await server.request("TRACE", "/hello").status == 405)
        }
    }

    @Test("An unforeseen error is 500, and its text stays in the log", arguments: ["/unforeseen", "/store"])
    func internals(path: String) async throws {
        let log = LogRecorder()
        try await TestServer.run(logger: log.logger) { server in
            let answer = try await server.request("GET", path)
            #expect(answer.status == (path == "/store" ? 503 : 500))
            #expect(!answer.body.contains("Unforeseen") && !answer.body.contains("secret"))
            let id = try #require(answer["x-transaction-id"])
            #expect(log.lines.contains { $0.hasPrefix("error Failed") && $0.contains(id) })
            if path == "/store" { #expect(answer["retry-after"] == "5") }
        }
    }

    @Test("Hummingbird's own errors come in the same frame")
    func hummingbirdError() async throws {
        try await TestServer.run { server in
            let answer = try await server.request("GET", "/conflict")
            #expect(answer.status == 409)
            #expect(try answer.problem.detail == "taken")
        }
    }

    @Test("The log has route pattern and status, and neither tokens nor queries")
    func accessLog() async throws {
        let log = LogRecorder()
        try await TestServer.run(logger: log.logger) { server in
            let answer = try await server.request(
                "GET", "/items/77?access=hush", headers: ["Authorization": "Bearer hush-hush"])
            let id = try #require(answer["x-transaction-id"])
            let line = try #require(log.lines.first { $0.hasPrefix("info Answered") })
            #expect(line.contains("route=/items/{id}") && line.contains("status=200") && line.contains("method=GET"))
            #expect(line.contains("request_id=\(id)"))
        }
        #expect(!log.lines.contains { $0.contains("hush") })
    }
}

/// Remembers what was logged, one line each: level, message, metadata by name.
final class LogRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let fields = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            recorder.recorded.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
        }
    }
}
