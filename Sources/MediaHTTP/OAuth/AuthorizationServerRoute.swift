import Hummingbird
import MediaCore

/// `GET /.well-known/oauth-authorization-server` (RFC 8414): where everything is, for clients that ask.
struct AuthorizationServerRoute {
    private let urls: MediaURLs

    init(_ urls: MediaURLs) { self.urls = urls }

    func add(to router: Router<RoostContext>) {
        router.get("/.well-known/oauth-authorization-server") { _, _ in try Response.json(Metadata(urls.base)) }
    }

    private struct Metadata: Encodable {
        let issuer: String
        let authorization_endpoint: String
        let token_endpoint: String
        let revocation_endpoint: String
        let response_types_supported = ["code"]
        let response_modes_supported = ["query"]
        let grant_types_supported = ["authorization_code", "refresh_token", "client_credentials"]
        let token_endpoint_auth_methods_supported = ["client_secret_basic", "client_secret_post", "none"]
        let code_challenge_methods_supported = ["S256", "plain"]
        let scopes_supported = Scope.allCases.map(\.rawValue).sorted()
        /// RFC 9207: answers of the authorize page carry `iss`.
        let authorization_response_iss_parameter_supported = true

        init(_ base: String) {
            issuer = base
            authorization_endpoint = "\(base)/i/oauth2/authorize"
            token_endpoint = "\(base)/2/oauth2/token"
            revocation_endpoint = "\(base)/2/oauth2/revoke"
        }
    }
}
