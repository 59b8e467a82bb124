import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore
import OAuth
import XMedia

/// The ends of the three-legged flow at which the app itself asks (RFC 5849 §2.1, §2.3), and the end of a token.
///
/// https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens (read 2026-11-21)
struct OAuth1Routes {
    private static let requestToken = "/oauth/request_token"
    private static let accessToken = "/oauth/access_token"

    /// Whether a route looks at the signature itself, because no access token signs.
    static func verifiesItself(_ path: String) -> Bool { path == requestToken || path == accessToken }

    private let verifier: OAuth1Verifier

    init(_ verifier: OAuth1Verifier) { self.verifier = verifier }

    func add(to router: Router<RoostContext>) {
        let oauth = router.group().add(middleware: V11Frame())
        oauth.post(RouterPath(Self.requestToken)) { request, _ in try await temporaryCredentials(request) }
        oauth.post(RouterPath(Self.accessToken)) { request, _ in try await tokenCredentials(request) }
        for path in ["/1.1/oauth/invalidate_token", "/1.1/oauth/invalidate_token.json"] {
            oauth.post(RouterPath(path)) { request, context in try await invalidate(request, context) }
        }
    }

    /// `oauth_callback` stands in the header; xdk sends it in the query, which is signed as well.
    private func temporaryCredentials(_ request: Request) async throws -> Response {
        var request = request
        let (authorization, keys) = try await verify(&request) { authorization in
            guard authorization.token == nil else { throw OAuth1Refusal.token }
            return try await verifier.service.keys(for: authorization)
        }
        let fields = try await fields(of: request)
        guard let callback = authorization["oauth_callback"] ?? fields["oauth_callback"] else {
            throw V11Error.missing("oauth_callback")
        }
        // X: "Overrides the access level an application requests"; it can only be less than the app's own.
        var permission: AppPermission?
        switch authorization["x_auth_access_type"] ?? fields["x_auth_access_type"] {
        case "read": permission = .read
        case "write", "", nil: break
        default: throw V11Error.invalid("x_auth_access_type")
        }
        let credentials = try await newRequestToken(for: keys.app, callback: callback, permission: permission)
        return form([
            ("oauth_token", credentials.token), ("oauth_token_secret", credentials.secret),
            ("oauth_callback_confirmed", "true"),
        ])
    }

    private func newRequestToken(
        for app: AppRecord, callback: String, permission: AppPermission?
    ) async throws -> OAuth1Credentials {
        do {
            return try await verifier.service.requestToken(for: app, callback: callback, permission: permission)
        } catch {
            guard case .redirectURIRefused = error else { throw error }
            throw V11Error(
                .forbidden, .callbackNotApproved,
                "Callback URL not approved for this client application. Approved callback URLs can be adjusted in your "
                    + "application settings")
        }
    }

    private func tokenCredentials(_ request: Request) async throws -> Response {
        var request = request
        let (authorization, keys) = try await verify(&request) { authorization in
            try await verifier.service.keys(forRequestTokenIn: authorization)
        }
        let fields = try await fields(of: request)
        guard let token = authorization.token,
            let verifier = authorization["oauth_verifier"] ?? fields["oauth_verifier"]
        else { throw V11Error.missing("oauth_verifier") }
        do {
            let (credentials, user) = try await self.verifier.service.exchange(
                requestToken: token, verifier: verifier, app: keys.app)
            return form([
                ("oauth_token", credentials.token), ("oauth_token_secret", credentials.secret),
                ("user_id", "\(user.id)"), ("screen_name", user.username),
            ])
        } catch let refusal as OAuth1Refusal {
            throw HTTPProblem.unauthorized(refusal)
        }
    }

    /// Revokes the token that signs.
    private func invalidate(_ request: Request, _ context: RoostContext) async throws -> Response {
        _ = try context.requireAny(scopes: [])
        guard let header = request.headers[.authorization],
            let authorization = try? OAuthAuthorization(header: header), let token = authorization.token,
            let record = try await verifier.service.keys(for: authorization).token
        else { throw V11Error(.badRequest, .badAuthentication, "Bad Authentication data.") }
        guard try await verifier.service.revoke(record) else { throw HTTPProblem.unauthorized(OAuth1Refusal.token) }
        return try .json(["access_token": token], headers: [.cacheControl: "no-store"])
    }

    private func verify(
        _ request: inout Request, keys: (OAuthAuthorization) async throws -> OAuth1Keys
    ) async throws -> (OAuthAuthorization, OAuth1Keys) {
        guard let header = request.headers[.authorization], OAuthAuthorization.isScheme(of: header) else {
            throw HTTPProblem.unauthorized(tokenGiven: false)
        }
        do {
            return try await verifier.verify(&request, header: header, keys: keys)
        } catch let refusal as OAuth1Refusal {
            throw HTTPProblem.unauthorized(refusal)
        }
    }

    /// What the request says beside its header.
    private func fields(of request: Request) async throws -> FormFields {
        guard request.bodyType == .form else { return request.queryFields }
        return FormFields(request.queryFields.fields + (try await request.formBody()).fields)
    }

    private func form(_ fields: [(name: String, value: String)]) -> Response {
        let text = fields.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-www-form-urlencoded; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
