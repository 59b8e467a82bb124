import HTTPTypes
import Hummingbird
import MediaCore

/// `POST /2/oauth2/token` gives tokens; `revoke` and `invalidate_token` beside it take them away.
///
/// https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token, RFC 6749 §3.2, RFC 7009. The same three without
/// `/2` are X's older way for app-only bearers, where the consumer key and secret are the credentials.
struct TokenRoutes {
    private let services: OAuthServices

    init(_ services: OAuthServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.post("/2/oauth2/token") { request, context in
            try await answering { try await token(ClientRequest.read(request, context)) }
        }
        router.post("/2/oauth2/revoke") { request, context in
            try await answering { try await revoke(ClientRequest.read(request, context)) }
        }
        router.post("/2/oauth2/invalidate_token") { request, context in
            try await answering { try await invalidate(ClientRequest.read(request, context), byConsumer: false) }
        }
        router.post("/oauth2/token") { request, context in
            try await answering { try await appOnlyToken(ClientRequest.read(request, context)) }
        }
        router.post("/oauth2/invalidate_token") { request, context in
            try await answering { try await invalidate(ClientRequest.read(request, context), byConsumer: true) }
        }
    }

    private func answering(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let error as OAuthError {
            return try error.response()
        } catch let refusal as TokenRefusal {
            return try OAuthError(refusal).response()
        } catch ServiceError.tooManyGuesses(let retryAfter) {
            return try OAuthError.tooManyGuesses(retryAfter)
        }
    }

    private func token(_ request: ClientRequest) async throws -> Response {
        let app = try await request.client(services.apps)
        switch try request.required("grant_type") {
        case "authorization_code":
            let tokens = try await services.authorizations.redeem(
                code: request.required("code"), app: app, redirectURI: request.required("redirect_uri"),
                verifier: request.required("code_verifier"))
            return try .credentials(TokenAnswer(tokens))
        case "refresh_token":
            let scopes = try request["scope"].map { text in
                guard let scopes = Set(exactly: text) else {
                    throw OAuthError("invalid_scope", "A scope that was asked for is not known.")
                }
                return scopes
            }
            let tokens = try await services.authorizations.refresh(
                request.required("refresh_token"), app: app, scopes: scopes)
            return try .credentials(TokenAnswer(tokens))
        case "client_credentials":
            let lifetime = AuthorizationService.accessLifetime
            return try .credentials(
                TokenAnswer(await services.authorizations.issueAppOnly(app, lifetime: lifetime)))
        default:
            throw OAuthError(
                "unsupported_grant_type",
                "There are the grant types [authorization_code, refresh_token, client_credentials].")
        }
    }

    /// `POST /oauth2/token`: by consumer key or client id; the token does not expire, and the answer has two members, as X's.
    private func appOnlyToken(_ request: ClientRequest) async throws -> Response {
        let app: AppRecord
        if let consumer = try await request.consumer(services.apps) {
            app = consumer
        } else {
            do {
                app = try await request.client(services.apps)
            } catch is OAuthError {
                return try .credentials(V11Refusal.credentials, status: .forbidden)
            }
        }
        guard try request.required("grant_type") == "client_credentials" else {
            throw OAuthError("unsupported_grant_type", "There is the grant type [client_credentials].")
        }
        let tokens = try await services.authorizations.issueAppOnly(app, lifetime: nil)
        return try .credentials(["token_type": "bearer", "access_token": tokens.accessToken])
    }

    /// RFC 7009 §2.2: the answer for a token that there is not is the same; X documents no body.
    private func revoke(_ request: ClientRequest) async throws -> Response {
        let app = try await request.client(services.apps)
        try await services.authorizations.revoke(request.required("token"), app: app)
        return try .credentials(["revoked": true])
    }

    private func invalidate(_ request: ClientRequest, byConsumer: Bool) async throws -> Response {
        let consumer = byConsumer ? try await request.consumer(services.apps) : nil
        let app: AppRecord
        if let consumer { app = consumer } else { app = try await request.client(services.apps) }
        guard let token = request["access_token"] ?? request["token"] else { throw OAuthError.missing("access_token") }
        try await services.authorizations.revoke(token, app: app)
        return try .credentials(["access_token": token])
    }
}

/// The answer of RFC 6749 §5.1.
private struct TokenAnswer: Encodable {
    let token_type = "bearer"
    let access_token: String
    let expires_in: Int64?
    let scope: String
    let refresh_token: String?

    init(_ tokens: IssuedTokens) {
        access_token = tokens.accessToken
        expires_in = tokens.lifetime?.components.seconds
        scope = tokens.scopes.text
        refresh_token = tokens.refreshToken
    }
}

/// How X's older endpoint refuses credentials: 403 with code 99.
private struct V11Refusal: Encodable {
    struct Item: Encodable {
        let code: Int
        let message: String
        let label: String
    }

    let errors: [Item]

    static let credentials = V11Refusal(errors: [
        Item(code: 99, message: "Unable to verify your credentials", label: "authenticity_token_error")
    ])
}

extension Set<Scope> {
    /// The scopes of a request; nil when one is not known, or there is none.
    init?(exactly text: String) {
        let names = text.split(separator: " ")
        let scopes = names.compactMap { Scope(rawValue: String($0)) }
        guard !scopes.isEmpty, scopes.count == names.count else { return nil }
        self.init(scopes)
    }
}
