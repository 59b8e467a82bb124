import HTTPTypes
import MediaCore
import NIOCore
import OAuth
import Testing
import XMedia

@testable import MediaHTTP

/// An app, and a token of a user's, as a client has them.
struct SignedClient: Sendable {
    var consumerKey: String
    var consumerSecret: String
    var token: String?
    var tokenSecret = ""

    var signer: OAuthSigner {
        OAuthSigner(
            consumerKey: consumerKey, consumerSecret: consumerSecret, token: token, tokenSecret: tokenSecret)
    }
}

/// How a client signs.
struct Signing: Sendable {
    /// The address of which the client believes that the request goes there.
    var origin = "https://media.example"
    /// Seconds by which the client's clock is ahead.
    var ahead: Int64 = 0
    /// Another one for each request, unless a test says so.
    var nonce = String(Int.random(in: 0..<1_000_000_000))
    /// Whether the query counts.
    var signsQuery = true
    /// Whether a form's body counts.
    var signsForm = true
    /// Further parameters of the header.
    var more: [(name: String, value: String)] = []
}

extension RouteFixture {
    /// A new app with a token of alice's.
    func signedClient(
        _ name: String = "app", permission: AppPermission = .readWrite, redirectURIs: [String] = []
    ) async throws -> SignedClient {
        var app = NewApp(name: name)
        app.permission = permission
        app.redirectURIs = redirectURIs
        let credentials = try #require(try await oauth.apps.create(app))
        let record = try #require(try await oauth.apps.app(named: name))
        let user = try #require(try await catalog.user(alice))
        let token = try await oauth.apps.createOAuth1Token(for: user, app: record)
        return SignedClient(
            consumerKey: credentials.consumerKey, consumerSecret: credentials.consumerSecret, token: token.token,
            tokenSecret: token.secret)
    }

    /// The `Authorization` of a request.
    func authorization(
        _ method: HTTPRequest.Method, _ path: String, _ body: Sent = .nothing, by client: SignedClient,
        _ signing: Signing = Signing()
    ) -> String {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var form: [UInt8] = []
        if case .form(let text) = body, signing.signsForm { form = Array(text.utf8) }
        return client.signer.authorization(
            for: SignedRequest(
                method: method.rawValue, path: parts[0], query: parts.count > 1 && signing.signsQuery ? parts[1] : "",
                form: form),
            origin: signing.origin, timestamp: clock.now.seconds + signing.ahead, nonce: signing.nonce,
            with: signing.more)
    }

    /// Sends a signed request.
    func sendSigned(
        _ method: HTTPRequest.Method, _ path: String, _ body: Sent = .nothing, by client: SignedClient,
        _ signing: Signing = Signing()
    ) async throws -> Answer {
        try await send(
            method, path, body, token: .none,
            headers: [.authorization: authorization(method, path, body, by: client, signing)])
    }
}

extension Answer {
    /// What `WWW-Authenticate` says is wrong with a signature.
    var oauthProblem: String? {
        guard let challenge = headers[.wwwAuthenticate], challenge.hasPrefix("OAuth ") else { return nil }
        return challenge.split(separator: "oauth_problem=\"").last.map { String($0.dropLast()) }
    }

    /// The fields of a form.
    var form: [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            fields[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        return fields
    }
}
