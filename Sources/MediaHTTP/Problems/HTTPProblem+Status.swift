package import HTTPTypes
package import MediaCore
import XMedia

/// Refusals that their status names.
extension HTTPProblem {
    /// 401. `WWW-Authenticate` tells whether a token was there (RFC 6750, 3.1).
    package static func unauthorized(tokenGiven: Bool) -> HTTPProblem {
        HTTPProblem(
            .unauthorized, detail: "Unauthorized",
            headers: [.wwwAuthenticate: tokenGiven ? "Bearer error=\"invalid_token\"" : "Bearer"])
    }

    /// 403: the token lacks scopes; they are named in a member of Roost's own.
    package static func forbidden(missing scopes: Set<Scope>) -> HTTPProblem {
        let names = scopes.map(\.rawValue).sorted()
        var problem = HTTPProblem(
            .forbidden, detail: "Forbidden",
            headers: [
                .wwwAuthenticate: "Bearer error=\"insufficient_scope\", scope=\"\(names.joined(separator: " "))\""
            ])
        problem.problem.missingScopes = names
        return problem
    }

    /// 403: an app-only bearer where a user is needed, in X's words.
    package static let unsupportedAuthentication = HTTPProblem(
        .forbidden, type: ProblemType.unsupportedAuthentication, title: "Unsupported Authentication",
        detail: "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
            + "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].")

    /// 404: there is no route with this path.
    package static func noRoute(_ path: String) -> HTTPProblem {
        HTTPProblem(.notFound, detail: "There is nothing at [\(path.prefix(200))].")
    }

    /// 405 with `Allow`.
    package static func methodNotAllowed(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> HTTPProblem {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return HTTPProblem(
            .methodNotAllowed, detail: "\(method.rawValue) is not possible here; possible are [\(names)].",
            headers: [.allow: names])
    }

    /// 408: the body came slower than the server waits for.
    package static let bodyTooSlow = HTTPProblem(
        .requestTimeout, detail: "The request body arrived too slowly, so the rest of it was not read.")

    /// 413; the detail names the limit, and the way that has a larger one.
    package static func contentTooLarge(_ detail: String) -> HTTPProblem {
        HTTPProblem(.contentTooLarge, detail: detail)
    }

    /// 417: an expectation other than `100-continue`.
    package static func expectationFailed(_ expectation: String) -> HTTPProblem {
        HTTPProblem(
            .expectationFailed,
            detail: "The expectation [\(expectation.prefix(100))] is not known; only 100-continue is.")
    }

    /// 429 with X's headers and `Retry-After`: requests per window, the window's end in seconds since 1970, and the
    /// seconds until then.
    package static func tooManyRequests(limit: Int, reset: Int64, retryAfter: Int) -> HTTPProblem {
        HTTPProblem(
            .tooManyRequests, detail: "Too Many Requests",
            headers: [
                .rateLimitLimit: String(limit), .rateLimitRemaining: "0", .rateLimitReset: String(reset),
                .retryAfter: String(retryAfter),
            ])
    }

    /// 500; what happened stands in the log under the request's id, never in the answer.
    package static let internalError = HTTPProblem(
        .internalServerError,
        detail: "The server failed; its log has the reason under this answer's x-transaction-id.")

    /// 503; after `retryAfter` seconds a repetition makes sense.
    package static func unavailable(_ detail: String, retryAfter: Int) -> HTTPProblem {
        HTTPProblem(.serviceUnavailable, detail: detail, headers: [.retryAfter: String(retryAfter)])
    }

    /// 507.
    package static let insufficientStorage = HTTPProblem(
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
        detail: "There is too little free space for new uploads; open uploads can still be finalized, and media "
            + "deleted.")
}

extension HTTPField.Name {
    /// X's headers (https://docs.x.com/x-api/fundamentals/rate-limits); the names are valid, so there is a value.
    static let rateLimitLimit = HTTPField.Name("x-rate-limit-limit")!
    static let rateLimitRemaining = HTTPField.Name("x-rate-limit-remaining")!
    static let rateLimitReset = HTTPField.Name("x-rate-limit-reset")!
    static let transactionID = HTTPField.Name("x-transaction-id")!
}
