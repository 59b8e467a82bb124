package import Hummingbird
import HummingbirdCore
package import Logging
package import MediaCore
package import NIOCore

/// The HTTP server: middleware, the operator's routes, and the routes that the composition root adds.
package struct MediaServer: Sendable {
    private let settings: ServerSettings
    private let responder: EdgeResponder
    private let logger: Logger
    private let receiveBuffers = ReceiveBuffers.Loops()

    /// Makes the server.
    ///
    /// - Parameters:
    ///   - settings: what the operator set.
    ///   - identity: knows the bearer tokens.
    ///   - readiness: what `/readyz` asks.
    ///   - metrics: what `/metrics` shows.
    ///   - logger: gets one line for each request.
    ///   - rateLimiter: counts requests by user and app; nil for no limits.
    ///   - clock: tells what is left of a window.
    ///   - authentication: adds further ways to say who asks; before requests are counted by that.
    ///   - routes: adds the routes; all authentication has run before each of them.
    package init(
        settings: ServerSettings, identity: IdentityService, readiness: [ReadinessCheck], metrics: PrometheusRegistry,
        logger: Logger, rateLimiter: RateLimiter? = nil, clock: any WallClock = SystemClock(),
        authentication: (Router<RoostContext>) -> Void = { _ in }, routes: (Router<RoostContext>) -> Void
    ) {
        self.settings = settings
        self.logger = logger
        let router = Router(context: RoostContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ProblemMiddleware())
        OperatorRoutes(readiness: readiness, metrics: metrics).add(to: router)
        router.add(middleware: BearerAuthentication(identity: identity))
        authentication(router)
        if let rateLimiter { router.add(middleware: RateLimiting(limiter: rateLimiter, clock: clock)) }
        routes(router)
        responder = EdgeResponder(
            routes: RouteIndex(router.routes), cors: CORSPolicy(origins: settings.corsOrigins),
            metrics: RequestMetrics(factory: metrics), isSecure: settings.certificates != nil,
            trustedProxies: settings.trustedProxies, receiveBuffers: receiveBuffers, router: router.buildResponder())
    }

    /// The application, to be run in a service group.
    ///
    /// `onListening` is called once, with the address, when requests are accepted.
    package func application(
        onListening: @escaping @Sendable (SocketAddress) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let limits = settings.limits
        return Application(
            responder: responder,
            server: HTTPServerBuilder { [receiveBuffers, certificates = settings.certificates] responder in
                var http1 = HTTP1Connection(responder: responder, limits: limits, receiveBuffers: receiveBuffers)
                guard let certificates else { return http1 }
                http1.isSecure = true
                return TLSConnection(
                    certificates: certificates, http1: http1,
                    http2: HTTP2Connection(responder: responder, limits: limits))
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: settings.serverName, backlog: 1024,
                reuseAddress: true,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.maxConnections)),
            onServerRunning: { channel in
                if let address = channel.localAddress { await onListening(address) }
            },
            logger: logger)
    }
}
