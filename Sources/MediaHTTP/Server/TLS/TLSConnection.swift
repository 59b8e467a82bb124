import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOSSL
import NIOTLS

/// One connection with TLS: after the handshake it is an ``HTTP2Connection`` or an ``HTTP1Connection``, as the client and
/// the server agreed (RFC 7301); without an agreement it is HTTP/1.1.
struct TLSConnection: ServerChildChannel {
    typealias Negotiated = NIONegotiatedHTTPVersion<HTTP1Connection.Value, HTTP2Connection.Value>

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    let certificates: TLSCertificates
    let http1: HTTP1Connection
    let http2: HTTP2Connection

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLServerHandler(context: certificates.context))
            try pipeline.addHandler(HandshakeGuard(time: http1.limits.headTime))
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> {
                result -> EventLoopFuture<Negotiated> in
                if case .negotiated("h2") = result {
                    return http2.setup(channel: channel, logger: logger).map { Negotiated.http2($0) }
                }
                return http1.setup(channel: channel, logger: logger).map { Negotiated.http1_1($0) }
            }
            try pipeline.addHandler(negotiation)
            return Value(negotiated: negotiation.protocolNegotiationResult, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http1_1(let connection): await http1.handle(value: connection, logger: logger)
            case .http2(let connection): await http2.handle(value: connection, logger: logger)
            }
        } catch {
            // The client speaks no TLS, went away, or took too long.
            logger.debug("No TLS", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }
}

/// Ends connections whose handshake is not complete in time, and those on which it fails.
final class HandshakeGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let time: TimeAmount
    private var timer: Scheduled<Void>?
    private var isComplete = false

    init(time: TimeAmount) { self.time = time }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            timer?.cancel()
            isComplete = true
        }
        // Nothing was asked yet on a connection that is still shaking hands when the server stops.
        if event is ChannelShouldQuiesceEvent, !isComplete { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        // Clients that end without a closing message are many, and nothing is lost: HTTP says itself what is complete.
        if case .uncleanShutdown? = error as? NIOSSLError { return }
        if error is NIOSSLError || error is BoringSSLError { context.close(promise: nil) }
    }
}

@available(*, unavailable)
extension HandshakeGuard: Sendable {}
