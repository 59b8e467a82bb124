import Hummingbird
import Logging
import MediaCore

/// Turns whatever a route throws into a problem document.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: RoostContext, next: @concurrent (Request, RoostContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            // A body that could not be read is the reason for whatever a service made of it.
            let problem = context.exchange.bodyFailure ?? HTTPProblem(error)
            if problem == nil || problem?.status.kind == .serverError {
                context.logger.error("Failed", metadata: ["error": .string("\(error)")])
            }
            // What middleware refused before v1.1's own frame was reached.
            guard !V11Routes.answers(request.uri.path) else {
                return try V11Error(problem ?? .internalError).response(to: request.uri.path)
            }
            return try (problem ?? .internalError).response()
        }
    }
}
