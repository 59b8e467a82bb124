import HTTPTypes
import Hummingbird
import MediaCore

/// Reads `Authorization: Bearer` (RFC 6750, 2.1) and asks whose token it is; what a route requires is its own affair.
struct BearerAuthentication: RouterMiddleware {
    let identity: IdentityService

    func handle(
        _ request: Request, context: RoostContext, next: @concurrent (Request, RoostContext) async throws -> Response
    ) async throws -> Response {
        guard let token = Self.token(in: request.headers[.authorization]) else {
            return try await next(request, context)
        }
        var context = context
        let principal = token.isEmpty ? nil : try await identity.authenticate(String(token))
        context.authentication = principal.map { .principal($0) } ?? .invalid
        return try await next(request, context)
    }

    /// The token of a header with the scheme `Bearer`, in any case of letters; empty when there is only the scheme.
    static func token(in header: String?) -> Substring? {
        guard let header else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let scheme = parts.first, scheme.lowercased() == "bearer" else { return nil }
        guard parts.count == 2 else { return "" }
        return parts[1].drop { $0 == " " }
    }
}
