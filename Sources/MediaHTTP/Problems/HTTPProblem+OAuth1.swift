import HTTPTypes
import MediaCore
import XMedia

/// What signed requests are refused for.
extension HTTPProblem {
    /// 401 in X's frame; `WWW-Authenticate` says why (RFC 5849 §3.2).
    static func unauthorized(_ refusal: OAuth1Refusal) -> HTTPProblem {
        HTTPProblem(
            .unauthorized, detail: "Unauthorized",
            headers: [.wwwAuthenticate: "OAuth realm=\"Roost\", oauth_problem=\"\(refusal.rawValue)\""])
    }

    /// The reason of such a problem; nil for every other problem.
    var oauth1Refusal: OAuth1Refusal? {
        guard let challenge = headers[.wwwAuthenticate], challenge.hasPrefix("OAuth ") else { return nil }
        return OAuth1Refusal.allCases.first { challenge.hasSuffix("\"\($0.rawValue)\"") }
    }

    /// 403: the app may only read, in X's words (github.com/PLhery/node-twitter-api-v2 issue 493).
    static let oauth1Permissions = HTTPProblem(
        .forbidden, type: ProblemType.oauth1Permissions,
        detail: "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.")
}
