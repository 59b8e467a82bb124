import HTTPTypes
import Hummingbird
import MediaCore

/// A refusal of the token endpoint, in the form of RFC 6749 §5.2 and, where they are known, in the words of X.
struct OAuthError: Error, Encodable, Equatable {
    /// The code, from the RFC's list.
    let error: String
    /// What a person reads.
    let error_description: String

    init(_ error: String, _ description: String) {
        self.error = error
        error_description = description
    }

    /// X's word for a client that did not say who it is, and for one with a wrong secret (the RFC has `invalid_client`).
    /// github.com/tweepy/tweepy issue 2035
    static let client = OAuthError("unauthorized_client", "Missing valid authorization header")

    /// A parameter that must be there is not, in X's words (github.com/tweepy/tweepy issue 2014).
    static func missing(_ parameter: String) -> OAuthError {
        OAuthError("invalid_request", "Missing required parameter [\(parameter)].")
    }

    /// A refusal of the service; X says `invalid_request` for what the RFC calls `invalid_grant`.
    init(_ refusal: TokenRefusal) {
        self =
            switch refusal {
            case .client: .client
            // github.com/plhery/node-twitter-api-v2 issue 496
            case .code: OAuthError("invalid_request", "Value passed for the authorization code was invalid.")
            case .redirectURI:
                OAuthError(
                    "invalid_request",
                    "Value passed for the redirect uri did not match the uri of the authorization code.")
            // github.com/xdevplatform/twitter-api-typescript-sdk issue 26
            case .verifier:
                OAuthError(
                    "invalid_request", "Value passed for the code verifier did not match the code challenge.")
            case .token: OAuthError("invalid_request", "Value passed for the token was invalid.")
            case .scope: OAuthError("invalid_scope", "More scopes were asked for than the user allowed.")
            case .grantType:
                OAuthError("unauthorized_client", "A public client has no secret, so it cannot have this grant type.")
            }
    }

    /// 429: too many wrong secrets.
    ///
    /// The RFC has no code for it; `temporarily_unavailable` is what it calls a server that
    /// cannot answer for now (§4.1.2.1), and clients find the time to wait in `Retry-After`.
    static func tooManyGuesses(_ retryAfter: Duration) throws -> Response {
        let seconds = max(1, Int(retryAfter.inSeconds.rounded(.up)))
        let refusal = OAuthError(
            "temporarily_unavailable", "Too many attempts; the next one is possible in \(seconds) seconds.")
        return try .credentials(refusal, status: .tooManyRequests, headers: [.retryAfter: "\(seconds)"])
    }

    /// 401 when the client is the fault, otherwise 400.
    func response() throws -> Response {
        guard self == .client else { return try .credentials(self, status: .badRequest) }
        return try .credentials(self, status: .unauthorized, headers: [.wwwAuthenticate: "Basic realm=\"roost\""])
    }
}

extension Response {
    /// A JSON answer that nobody may keep (RFC 6749 §5.1).
    static func credentials(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        var headers = headers
        headers[.cacheControl] = "no-store"
        headers[.pragma] = "no-cache"
        return try .json(value, status: status, headers: headers)
    }
}

extension HTTPField.Name {
    /// The name is valid, so there is a value.
    static let pragma = HTTPField.Name("pragma")!
}
