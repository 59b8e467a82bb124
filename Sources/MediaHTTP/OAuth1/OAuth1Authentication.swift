import HTTPTypes
import Hummingbird
import Logging
import MediaCore
import OAuth

/// Reads `Authorization: OAuth` (RFC 5849 §3.5.1) and says who signed; what a route requires is its own affair.
struct OAuth1Authentication: RouterMiddleware {
    let verifier: OAuth1Verifier

    func handle(
        _ request: Request, context: RoostContext, next: @concurrent (Request, RoostContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization], OAuthAuthorization.isScheme(of: header),
            !OAuth1Routes.verifiesItself(request.uri.path)
        else { return try await next(request, context) }
        var request = request
        var context = context
        do {
            let (_, keys) = try await verifier.verify(&request, header: header) { authorization in
                let keys = try await verifier.service.keys(for: authorization)
                // Without a token nobody acts: nothing of the body is read for that.
                guard keys.principal != nil else { throw OAuth1Refusal.token }
                return keys
            }
            guard let principal = keys.principal else { throw OAuth1Refusal.token }
            context.authentication = .principal(principal)
        } catch let refusal as OAuth1Refusal {
            context.logger.info("A signature was refused", metadata: ["reason": .string(refusal.rawValue)])
            context.authentication = .refused(refusal)
        }
        return try await next(request, context)
    }
}
