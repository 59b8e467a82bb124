import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

@testable import MediaHTTP

/// A browser at the authorize page: keeps the cookie, sends the forms that it was shown, follows nothing by itself.
struct Browser {
    let server: RouteFixture
    /// The page it is at, and with which query.
    var path = "/i/oauth2/authorize"
    var query: String
    var cookie: String?
    /// The last answer.
    var page: Answer?

    init(_ server: RouteFixture, query: String) {
        self.server = server
        self.query = query
    }

    /// The hidden field of the last page's forms.
    var proof: String? {
        page?.text.firstMatch(of: #/name="proof" value="([^"]+)"/#).map { String($0.1) }
    }

    /// Where the last answer leads; nil when it does not.
    var location: String? { page?.headers[.location] }

    /// The parameters of the address to which the last answer leads.
    var answered: [String: String] {
        guard let location, let mark = location.firstIndex(of: "?") else { return [:] }
        let fields = FormFields(urlencoded: String(location[location.index(after: mark)...])).fields
        return Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in "\(first), again" }
    }

    /// Opens the page.
    mutating func open(_ headers: HTTPFields = [:]) async throws {
        try await send(.get, .nothing, headers)
    }

    /// Presses a button of the last page.
    mutating func press(
        _ action: String, _ fields: [(String, String)] = [], proof: String? = nil, headers: HTTPFields = [:]
    ) async throws {
        let sent = [("action", action), ("proof", proof ?? self.proof ?? "")] + fields
        let body = sent.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
        try await send(.post, .form(body), headers)
    }

    /// Signs in and opens the page that follows.
    mutating func signIn(_ username: String = "carol", _ password: String = "correct horse") async throws {
        try await open()
        try await press("sign_in", [("username", username), ("password", password)])
        try #require(page?.status == 303)
        try await open()
    }

    private mutating func send(_ method: HTTPRequest.Method, _ body: Sent, _ extra: HTTPFields) async throws {
        var headers = extra
        if let cookie { headers[.cookie] = "other=1; \(cookie)" }
        let answer = try await server.send(method, "\(path)?\(query)", body, token: .none, headers: headers)
        if let set = answer.headers[.setCookie] { cookie = String(set.prefix { $0 != ";" }) }
        page = answer
    }
}

/// A value as a form has it.
func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        if (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) {
            encoded.unicodeScalars.append(UnicodeScalar(byte))
        } else {
            encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16)
        }
    }
    return encoded
}

extension RouteFixture {
    /// The verifier of RFC 7636, appendix B, and its challenge.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let redirect = "https://app.example/callback"

    /// Adds the user carol, who has a password.
    @discardableResult
    func addCarol() async throws -> User {
        try #require(try await oauth.accounts.add("carol", name: "Carol", password: "correct horse"))
    }

    /// Adds an app.
    func addApp(
        _ name: String = "The <App>", isConfidential: Bool = true, redirects: [String] = [RouteFixture.redirect],
        scopes: Set<Scope> = Set(Scope.allCases)
    ) async throws -> AppCredentials {
        var app = NewApp(name: name)
        app.isConfidential = isConfidential
        app.redirectURIs = redirects
        app.scopes = scopes
        return try #require(try await oauth.apps.create(app))
    }

    /// The query of a good request, with some parameters in another way; nil leaves one out.
    func query(_ app: AppCredentials, _ changes: [String: String?] = [:]) -> String {
        var parameters: [String: String?] = [
            "response_type": "code", "client_id": app.clientID, "redirect_uri": Self.redirect,
            "scope": "tweet.read users.read offline.access", "state": "a state/+", "code_challenge": Self.challenge,
            "code_challenge_method": "S256",
        ]
        for (name, value) in changes { parameters[name] = value }
        return parameters.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }.sorted()
            .joined(separator: "&")
    }

    /// A code that carol has just allowed.
    func code(_ app: AppCredentials, _ changes: [String: String?] = [:]) async throws -> String {
        var browser = Browser(self, query: query(app, changes))
        try await browser.signIn()
        try await browser.press("allow")
        return try #require(browser.answered["code"])
    }

    /// Sends a form to the token endpoint, with the app's credentials in `Authorization: Basic`, or without.
    func post(_ fields: [String: String], as app: AppCredentials? = nil) async throws -> Answer {
        try await post("/2/oauth2/token", fields, as: app)
    }

    /// Sends a form, with the app's credentials in `Authorization: Basic`, or without.
    func post(_ path: String, _ fields: [String: String], as app: AppCredentials? = nil) async throws -> Answer {
        var headers: HTTPFields = [:]
        if let app { headers[.authorization] = basic(app.clientID, app.clientSecret ?? "") }
        let body = fields.map { "\($0)=\(encoded($1))" }.sorted().joined(separator: "&")
        return try await send(.post, path, .form(body), token: .none, headers: headers)
    }

    /// Exchanges a code, with some parameters in another way; nil leaves one out.
    func redeem(
        _ code: String, as app: AppCredentials?, _ changes: [String: String?] = [:]
    ) async throws -> Answer {
        var fields: [String: String?] = [
            "grant_type": "authorization_code", "code": code, "redirect_uri": Self.redirect,
            "code_verifier": Self.verifier,
        ]
        for (name, value) in changes { fields[name] = value }
        return try await post(fields.compactMapValues { $0 }, as: app)
    }

    /// The status of `GET /2/users/me` with a token.
    func status(with token: String) async throws -> Int {
        try await send(.get, "/2/users/me", token: .none, headers: [.authorization: "Bearer \(token)"]).status
    }

    func basic(_ name: String, _ secret: String) -> String {
        "Basic " + Base64.encode(ByteBuffer(string: "\(name):\(secret)"))
    }
}

extension Answer {
    /// A member of a flat JSON object.
    func member(_ name: String) -> String? { json[name]?.stringValue }

    /// Whether it is a refusal of the token endpoint with this code and this text, which nobody keeps.
    func isOAuthError(_ error: String, _ description: String? = nil, status: Int = 400) -> Bool {
        self.status == status && member("error") == error && headers[.cacheControl] == "no-store"
            && (description == nil || member("error_description") == description)
    }
}
