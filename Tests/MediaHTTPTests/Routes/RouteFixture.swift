import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MediaCore
import MediaRules
import NIOCore
import SQLCatalog
import Testing
import XMedia

@testable import MediaHTTP

/// All routes over an empty catalog and an empty store in memory, at a time that stands still; no worker runs.
struct RouteFixture: Sendable {
    let client: any TestClientProtocol
    let catalog: any Catalog
    let blobs: FaultyReads
    let clock: ManualClock
    let ids: SnowflakeSource
    /// Two users and their tokens with all scopes, and an app-only bearer with all scopes.
    let alice: UserID
    let aliceToken: String
    let bob: UserID
    let bobToken: String
    let appToken: String
    /// Tokens of alice, by what they lack.
    let tokenWithout: [Scope: String]
    let identity: IdentityService
    let oauth: OAuthServices

    /// Runs a test against the routes.
    static func run(
        commandForm: Bool = true, rules: RuleBook = RuleBook(profile: .x), quota: UserQuota = .unlimited,
        rateLimits: RateLimits = .off,
        _ test: @escaping @Sendable (RouteFixture) async throws -> Void
    ) async throws {
        let catalog = try await SQLCatalog.inMemory()
        let blobs = FaultyReads()
        let clock = ManualClock()
        let ids = SnowflakeSource(clock: clock, worker: 1)
        // Without a worker there is nothing to wait for.
        let settings = CoreSettings(rules: rules, finalizeWait: .zero, quota: quota)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let identity = IdentityService(catalog: catalog, clock: clock, ids: ids)
        let sealer = try #require(SecretSealer(key: Array(repeating: 7, count: SecretSealer.keySize)))
        let guesses = GuessLimiter(clock: clock)
        let apps = AppService(catalog: catalog, sealer: sealer, clock: clock, ids: ids, guesses: guesses)
        let audit = AuditLog(catalog: catalog, clock: clock, ids: ids)
        let oauth = OAuthServices(
            accounts: AccountService(
                catalog: catalog, passwords: PasswordHasher(cost: .init(logN: 4, r: 8, p: 1)), clock: clock, ids: ids,
                guesses: guesses, audit: audit),
            apps: apps,
            authorizations: AuthorizationService(
                catalog: catalog, apps: apps, identity: identity, clock: clock, ids: ids, audit: audit),
            oauth1: OAuth1Service(catalog: catalog, sealer: sealer, clock: clock, ids: ids, audit: audit))
        let services = RouteServices(
            uploads: UploadService(
                context: CoreContext(
                    catalog: catalog, blobs: blobs, clock: clock, ids: ids, namer: BlobNamer(), logger: logger),
                settings: settings),
            media: MediaService(catalog: catalog, clock: clock),
            posts: PostService(catalog: catalog, clock: clock, ids: ids, settings: settings),
            identity: identity, audit: audit, blobs: blobs, clock: clock, rules: rules,
            urls: MediaURLs(base: "https://media.example"), oauth: oauth, commandForm: commandForm)
        let alice = try await identity.ensureUser(named: "alice")
        let bob = try await identity.ensureUser(named: "bob")
        let all = Scope.effective
        let aliceToken = try await identity.createToken(for: alice, scopes: all)
        let bobToken = try await identity.createToken(for: bob, scopes: all)
        let appToken = try await identity.createToken(for: nil, scopes: all)
        var tokenWithout: [Scope: String] = [:]
        for scope in Scope.effective {
            tokenWithout[scope] = try await identity.createToken(for: alice, scopes: all.subtracting([scope]))
        }
        let tokens = tokenWithout
        let server = MediaServer(
            settings: ServerSettings(), identity: identity, readiness: [], metrics: PrometheusRegistry(),
            logger: logger, rateLimiter: RateLimiter(rateLimits, clock: clock), clock: clock,
            authentication: { Routes.addAuthentication(to: $0, services: services) },
            routes: { Routes.add(to: $0, services: services) })
        try await server.application().test(.router) { client in
            try await test(
                RouteFixture(
                    client: client, catalog: catalog, blobs: blobs, clock: clock, ids: ids, alice: alice.id,
                    aliceToken: aliceToken, bob: bob.id, bobToken: bobToken, appToken: appToken,
                    tokenWithout: tokens, identity: identity, oauth: oauth))
        }
    }
}

/// An answer as a client sees it.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let body: ByteBuffer

    /// The body as JSON; null when it is none.
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// The body as text.
    var text: String { String(buffer: body) }
    /// The member `data`.
    var data: JSONValue { json["data"] ?? .null }
    /// The member `data.id`.
    var id: String { data["id"]?.stringValue ?? "" }
    /// The messages of `errors[]`, of a problem.
    var messages: [String] {
        guard case .array(let errors)? = json["errors"] else { return [] }
        return errors.compactMap { $0["message"]?.stringValue }
    }
    /// The first entry of `errors[]`.
    var firstError: JSONValue {
        guard case .array(let errors)? = json["errors"] else { return .null }
        return errors.first ?? .null
    }
    /// Whether the body has the frame of an invalid request, with status, title and type as X sends them.
    var isInvalidRequest: Bool {
        status == 400 && json["title"] == .string("Invalid Request") && json["status"] == .integer(400)
            && json["type"] == .string("https://api.x.com/2/problems/invalid-request")
            && json["detail"] == .string("One or more parameters to your request was invalid.")
            && headers[.contentType] == "application/problem+json" && !messages.isEmpty
    }
}

/// What a test sends as a body.
enum Sent {
    case nothing
    case json(String)
    case form(String)
    case multipart([Part])
    case bytes(ByteBuffer, type: String)

    var contentType: String? {
        switch self {
        case .nothing: nil
        case .json: "application/json"
        case .form: "application/x-www-form-urlencoded"
        case .multipart: "multipart/form-data; boundary=\(Part.boundary)"
        case .bytes(_, let type): type
        }
    }

    var bytes: ByteBuffer? {
        switch self {
        case .nothing: nil
        case .json(let text), .form(let text): ByteBuffer(string: text)
        case .multipart(let parts): Part.body(of: parts)
        case .bytes(let bytes, _): bytes
        }
    }
}

/// A part of a form, as some client writes it.
struct Part {
    static let boundary = "----aBoundary"

    let head: String
    let content: ByteBuffer

    /// A field.
    static func field(_ name: String, _ value: String) -> Part {
        Part(head: "Content-Disposition: form-data; name=\"\(name)\"", content: ByteBuffer(string: value))
    }

    /// The part `media`; with a file name and a type as curl sends them, or without.
    static func media(_ content: ByteBuffer, filename: String? = "a.bin", encoding: String? = nil) -> Part {
        var head = "Content-Disposition: form-data; name=\"media\""
        if let filename { head += "; filename=\"\(filename)\"\r\nContent-Type: application/octet-stream" }
        if let encoding { head += "\r\nContent-Transfer-Encoding: \(encoding)" }
        return Part(head: head, content: content)
    }

    static func body(of parts: [Part]) -> ByteBuffer {
        var body = ByteBuffer()
        for part in parts {
            body.writeString("--\(boundary)\r\n\(part.head)\r\n\r\n")
            body.writeImmutableBuffer(part.content)
            body.writeString("\r\n")
        }
        body.writeString("--\(boundary)--\r\n")
        return body
    }
}

extension RouteFixture {
    /// Sends a request with alice's token, or another, or none.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: Sent = .nothing, token: Token = .alice,
        headers extra: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = extra
        if let token = text(of: token) { headers[.authorization] = "Bearer \(token)" }
        if headers[.contentType] == nil { headers[.contentType] = body.contentType }
        return try await client.execute(uri: path, method: method, headers: headers, body: body.bytes) { response in
            Answer(status: response.status.code, headers: response.headers, body: response.body)
        }
    }

    /// Whose token goes with a request.
    enum Token {
        case alice, bob, app, none
        case without(Scope)
        case unknown
    }

    private func text(of token: Token) -> String? {
        switch token {
        case .alice: aliceToken
        case .bob: bobToken
        case .app: appToken
        case .none: nil
        case .without(let scope): tokenWithout[scope]
        case .unknown: "nobody"
        }
    }
}
