import HTTPTypes
import Hummingbird

/// Tells a path without a route from a method that a route does not take.
///
/// Hummingbird's router answers 404 to both. A second router holds the same paths, each under one method only, and so
/// decides by the same matching.
struct RouteIndex: Sendable {
    /// What Hummingbird writes into `endpointPath` when nothing matches.
    static let noRoute = "NotFound"

    private let paths: RouterResponder<RoostContext>

    init(_ routes: [Router<RoostContext>.RouteDescription]) {
        let router = Router(context: RoostContext.self)
        for (description, group) in Dictionary(grouping: routes, by: \.path.description) {
            var methods = group.map(\.method)
            if methods.contains(.get), !methods.contains(.head) { methods.append(.head) }
            let allowed = methods.sorted { $0.rawValue < $1.rawValue }
            router.on(RouterPath(description), method: .trace) { request, _ -> Response in
                let method = request.head.headerFields[.originalMethod].flatMap { HTTPRequest.Method($0) } ?? .trace
                let problem = HTTPProblem.methodNotAllowed(method, allowed: allowed)
                guard V11Routes.answers(request.uri.path) else { throw problem }
                return try V11Error(problem).response(to: request.uri.path)
            }
        }
        paths = router.buildResponder()
    }

    /// The answer for a request that no route took: 405 with `Allow`, or 404.
    func miss(_ request: Request, _ context: RoostContext) async throws -> Response {
        var head = HTTPRequest(
            method: .trace, scheme: request.head.scheme, authority: request.head.authority, path: request.head.path)
        head.headerFields[.originalMethod] = request.method.rawValue
        let probe = Request(head: head, body: RequestBody(buffer: .init()))
        let response = try await paths.respond(to: probe, context: context)
        guard context.endpointPath == Self.noRoute else { return response }
        guard V11Routes.answers(request.uri.path) else { return try HTTPProblem.noRoute(request.uri.path).response() }
        return try V11Error.noPage.response(to: request.uri.path)
    }
}

extension HTTPField.Name {
    /// Within ``RouteIndex`` only; the name is valid, so there is a value.
    fileprivate static let originalMethod = HTTPField.Name("x-original-method")!
}
