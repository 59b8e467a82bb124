import Hummingbird
import Logging

/// Turns whatever a v1.1 route throws into v1.1's frame.
struct V11Frame: RouterMiddleware {
    func handle(
        _ request: Request, context: RoostContext, next: @concurrent (Request, RoostContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            // A body that could not be read is the reason for whatever a service made of it.
            let refusal = context.exchange.bodyFailure.map { V11Error($0) } ?? V11Error(error)
            if refusal == nil || refusal?.status.kind == .serverError {
                context.logger.error("Failed", metadata: ["error": .string("\(error)")])
            }
            return try (refusal ?? V11Error(.internalError)).response(to: request.uri.path)
        }
    }
}

/// The routes of v1.1, which older clients use (https://developer.x.com/en/docs/x-api/v1); the same services as v2's.
struct V11Routes {
    private let services: RouteServices

    /// Whether a path is v1.1's, also one that has no route.
    static func answers(_ path: String) -> Bool { path.hasPrefix("/1.1/") }

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        let group = router.group("/1.1").add(middleware: V11Frame())
        V11UploadRoute(services).add(to: group)
        V11MetadataRoute(services).add(to: group)
        V11AccountRoute(services).add(to: group)
        V11StatusRoute(services).add(to: group)
    }
}
