import Hummingbird
import Logging
import MediaCore
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing
import XMedia

@testable import MediaHTTP

/// A ``MediaServer`` on a port of its own, with routes that do what the tests of the edge need.
struct TestServer {
    let port: Int
    let registry: PrometheusRegistry
    let tokens: TokenTable
    /// Begins a graceful shutdown.
    let stop: @Sendable () async -> Void

    /// Runs the server while `body` runs.
    static func run(
        _ settings: ServerSettings = ServerSettings(), readiness: [ReadinessCheck] = [], logger: Logger? = nil,
        body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        var logger = logger ?? Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .info
        let registry = PrometheusRegistry()
        let tokens = TokenTable()
        let clock = SystemClock()
        let server = MediaServer(
            settings: settings,
            identity: IdentityService(catalog: tokens, clock: clock, ids: SnowflakeSource(clock: clock, worker: 1)),
            readiness: readiness, metrics: registry, logger: logger, routes: TestRoutes.add)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = server.application { address in
            announce.yield(address.port ?? 0)
            announce.finish()
        }
        let group = ServiceGroup(services: [application], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await group.run()
                announce.finish()
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let server = TestServer(
                port: port, registry: registry, tokens: tokens, stop: { await group.triggerGracefulShutdown() })
            let result = await Self.result { try await body(server) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    private static func result(_ body: () async throws -> Void) async -> Result<Void, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// Sends one request on a connection of its own and reads the answer.
    func request(
        _ method: String, _ path: String, headers: [String: String] = [:], body: String = ""
    ) async throws -> RawResponse {
        try await RawConnection.open(port: port) { connection in
            var text = "\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            for (name, value) in headers { text += "\(name): \(value)\r\n" }
            if !body.isEmpty { text += "Content-Length: \(body.utf8.count)\r\n" }
            try await connection.send(text + "\r\n" + body)
            return try await connection.response(toHead: method == "HEAD")
        }
    }
}

/// Routes that show what the edge does.
enum TestRoutes {
    struct Unforeseen: Error {}

    struct Bytes: Codable, Equatable {
        var bytes: Int
    }

    /// Keeps `/gated` from reading; one test uses it.
    static let gate = Gate()

    static func add(to router: Router<RoostContext>) {
        router.get("hello") { _, _ in try Response.json(["path": "/a/b"]) }
        router.get("items/{id}") { _, context in try Response.json(["id": context.parameters.get("id") ?? ""]) }
        router.delete("items/{id}") { _, _ in try Response.json(["deleted": true]) }
        router.post("read") { request, _ in
            var bytes = 0
            for try await buffer in request.body { bytes += buffer.readableBytes }
            return try Response.json(Bytes(bytes: bytes))
        }
        // As a service may do: whatever the body throws becomes its own failure.
        router.post("read-and-wrap") { request, _ -> Response in
            do {
                for try await _ in request.body {}
            } catch {
                throw ServiceError.storeFailed("\(error)")
            }
            return try Response.json(["ok": true])
        }
        router.post("refuse") { _, _ -> Response in throw HTTPProblem.contentTooLarge("At most 1 byte.") }
        router.post("ignore") { _, _ in try Response.json(["ok": true]) }
        router.post("hold/{milliseconds}") { request, context in
            // Longer than the body window of the test, with the socket held back.
            try await Task.sleep(for: .milliseconds(context.parameters.get("milliseconds", as: Int.self) ?? 0))
            var bytes = 0
            for try await buffer in request.body { bytes += buffer.readableBytes }
            return try Response.json(Bytes(bytes: bytes))
        }
        router.post("gated") { request, _ in
            await gate.wait()
            var bytes = 0
            for try await buffer in request.body { bytes += buffer.readableBytes }
            return try Response.json(Bytes(bytes: bytes))
        }
        router.get("large/{mebibytes}") { _, context in
            let count = context.parameters.get("mebibytes", as: Int.self) ?? 0
            return Response(
                status: .ok, headers: [.contentLength: String(count << 20)],
                body: ResponseBody { writer in
                    for _ in 0..<count { try await writer.write(ByteBuffer(repeating: 0x61, count: 1 << 20)) }
                    try await writer.finish(nil)
                })
        }
        router.get("paused/{milliseconds}") { _, context in
            let pause = context.parameters.get("milliseconds", as: Int.self) ?? 0
            return Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "a"))
                    try await Task.sleep(for: .milliseconds(pause))
                    try await writer.write(ByteBuffer(string: "b"))
                    try await writer.finish(nil)
                })
        }
        router.get("unforeseen") { _, _ -> Response in throw Unforeseen() }
        router.get("store") { _, _ -> Response in throw ServiceError.storeFailed("/secret/path") }
        router.get("conflict") { _, _ -> Response in throw HTTPError(.conflict, message: "taken") }
        router.post("user") { _, context in
            try Response.json(["id": "\(context.requireUser(scopes: [.mediaWrite]))"])
        }
        router.get("any") { _, context in
            try Response.json(["user": context.requireAny(scopes: [.tweetRead]).userID.map { "\($0)" }])
        }
        router.get("open") { _, context in try Response.json(["user": context.userIfAny.map { "\($0)" } ?? "none"]) }
    }
}

/// The tokens of a test.
final class TokenTable: IdentityCatalog {
    private struct State {
        var tokens: [TokenRecord] = []
        var users: [User] = []
        var failure: StoreError?
    }

    private let state = Mutex(State())

    /// The text of a new token.
    func token(user: UInt64?, scopes: Set<Scope>) async throws -> String {
        let clock = SystemClock()
        let service = IdentityService(catalog: self, clock: clock, ids: SnowflakeSource(clock: clock, worker: 2))
        let owner = user.map { User(id: UserID(rawValue: $0), name: "a", username: "a") }
        return try await service.createToken(for: owner, scopes: scopes)
    }

    /// From now on every question about a token fails.
    func fail(_ error: StoreError) { state.withLock { $0.failure = error } }

    func ensureUser(_ user: User, at now: Timestamp) async throws(StoreError) -> User {
        state.withLock { $0.users.append(user) }
        return user
    }

    func user(_ id: UserID) async throws(StoreError) -> User? { state.withLock { $0.users.first { $0.id == id } } }
    func hasUsers() async throws(StoreError) -> Bool { state.withLock { !$0.users.isEmpty } }
    func create(_ token: TokenRecord) async throws(StoreError) { state.withLock { $0.tokens.append(token) } }

    func token(digest: [UInt8], kind: TokenKind) async throws(StoreError) -> TokenRecord? {
        let (failure, token) = state.withLock { state in
            (state.failure, state.tokens.first { $0.digest == digest && $0.kind == kind })
        }
        if let failure { throw failure }
        return token
    }

    func tokens() async throws(StoreError) -> [TokenRecord] { state.withLock { $0.tokens } }

    func usableTokens(of user: UserID, at now: Timestamp) async throws(StoreError) -> [TokenRecord] {
        state.withLock { $0.tokens.filter { $0.userID == user } }
    }

    func revokeToken(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        state.withLock { state in
            let before = state.tokens.count
            state.tokens.removeAll { $0.id == id }
            return state.tokens.count < before
        }
    }
}

/// Holds back who comes until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
