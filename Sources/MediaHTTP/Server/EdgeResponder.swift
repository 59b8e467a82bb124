import HTTPTypes
import Hummingbird
import Logging
import MediaCore
import NIOCore

/// What every request goes through, also one without a route: expectation, CORS, the router, account and log.
struct EdgeResponder: HTTPResponder {
    typealias Context = RoostContext

    let routes: RouteIndex
    let cors: CORSPolicy
    let metrics: RequestMetrics
    /// Whether connections are encrypted.
    let isSecure: Bool
    let trustedProxies: [IPRange]
    let receiveBuffers: ReceiveBuffers.Loops
    let turns = LoopTurns()
    let router: RouterResponder<RoostContext>

    func respond(to request: Request, context: RoostContext) async throws -> Response {
        if context.exchange.hasCompany { await turns.next(of: context.exchange.channel.eventLoop) }
        let start = ContinuousClock.now
        context.exchange.origin = ClientOrigin(
            remote: context.exchange.channel.remoteAddress.flatMap { IPAddress($0) }, isSecure: isSecure,
            headers: request.headers, trusted: trustedProxies)
        var response = try await answer(request, context)
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.transactionID] = context.id
        context.exchange.rateLimit?.apply(to: &response.headers)
        cors.apply(to: &response, for: request)
        record(request, response, context, took: .now - start)
        return response
    }

    private func answer(_ request: Request, _ context: RoostContext) async throws -> Response {
        if let preflight = cors.preflight(request) { return preflight }
        if let expectation = request.headers[.expect], expectation.lowercased() != "100-continue" {
            return try HTTPProblem.expectationFailed(expectation).response()
        }
        var request = request
        request.body = RequestBody(
            asyncSequence: IncomingBody(
                body: request.body, exchange: context.exchange,
                buffers: receiveBuffers.buffers(of: context.exchange.channel.eventLoop)))
        let response = try await router.respond(to: request, context: context)
        guard context.endpointPath == RouteIndex.noRoute else { return response }
        return try await routes.miss(request, context)
    }

    /// Accounts for an answer when it is ready, not when its last byte is sent: a client that reads slowly says nothing
    /// about the server.
    private func record(_ request: Request, _ response: Response, _ context: RoostContext, took: Duration) {
        let route = context.endpointPath.flatMap { $0 == RouteIndex.noRoute ? nil : $0 } ?? "unmatched"
        let status = response.status.code
        metrics.record(
            method: request.method.rawValue, route: route, status: status, duration: took,
            bytesReceived: context.exchange.bytesReceived)
        // The pattern, not the path, and no header: a query or an `Authorization` may hold secrets.
        context.logger.info(
            "Answered",
            metadata: [
                "method": .string(request.method.rawValue), "route": .string(route),
                "status": .stringConvertible(status),
                "duration_ms": .stringConvertible((took.inSeconds * 1_000_000).rounded() / 1000),
                "bytes_in": .stringConvertible(context.exchange.bytesReceived),
                "bytes_out": .stringConvertible(response.body.contentLength ?? -1),
            ])
    }
}
