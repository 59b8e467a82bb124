import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// One HTTP/2 connection (RFC 9113): every stream is a request with a ``StreamGuard`` of its own.
///
/// What one connection may cost:
/// - streams at once, the size of a header list, bytes that wait to be read (flow control): as its settings say;
/// - streams that are opened and reset at once (CVE-2023-44487), floods of control frames, endless header blocks: NIO
///   counts them and closes the connection;
/// - a connection without streams is closed after the idle time, one that does not answer pings too;
/// - a client that does not take note of the end is not waited for (``HTTP2ConnectionEnd``).
struct HTTP2Connection: ServerChildChannel, HTTPChannelHandler {
    struct Value: ServerChildChannelValue {
        let streams: NIOHTTP2Handler.AsyncStreamMultiplexer<NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>>
        let channel: any Channel
    }

    let responder: Responder
    let limits: ConnectionLimits

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let life = NIOHTTP2ServerConnectionManagementHandler(
                eventLoop: channel.eventLoop,
                configuration: .init(
                    maxIdleTime: limits.idleTime, maxAge: nil, maxGraceTime: limits.idleTime,
                    keepalive: .init(pingInterval: limits.idleTime, ackTimeout: limits.headTime)))
            let end = HTTP2ConnectionEnd(channel, patience: limits.noticeTime)
            let streams = try pipeline.configureAsyncHTTP2Pipeline(
                mode: .server, streamDelegate: end.streamDelegate(before: life.http2StreamDelegate),
                frameDelegate: end, configuration: configuration
            ) { stream in
                stream.eventLoop.makeCompletedFuture {
                    let pipeline = stream.pipeline.syncOperations
                    try pipeline.addHandler(HTTP2FramePayloadToHTTPServerCodec())
                    try pipeline.addHandler(StreamGuard(limits: limits))
                    return try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                        wrappingChannelSynchronously: stream,
                        configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1)))
                }
            }
            try pipeline.addHandler(life)
            try pipeline.addHandler(end)
            // The handshake comes before HTTP/2, so these handlers are too late to hear of the connection; without this
            // call the time of a connection on which nothing is ever asked would not begin.
            if channel.isActive { life.channelActive(context: try pipeline.context(handler: life)) }
            return Value(streams: streams, channel: channel)
        }
    }

    private var configuration: NIOHTTP2Handler.Configuration {
        var configuration = NIOHTTP2Handler.Configuration()
        configuration.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: limits.streamWindow),
        ]
        configuration.connection.targetWindowSize = limits.connectionWindow
        configuration.stream.targetWindowSize = limits.streamWindow
        // All streams may be answered early while their bodies are still on the way.
        configuration.connection.maximumRecentlyResetStreams = 2 * limits.streams
        return configuration
    }

    func handle(value: Value, logger: Logger) async {
        do {
            try await withThrowingDiscardingTaskGroup { group in
                for try await stream in value.streams.inbound {
                    group.addTask {
                        await withTaskExecutorPreference(EventLoopExecutor(stream.channel.eventLoop)) {
                            await handleHTTP(asyncChannel: stream, logger: logger)
                        }
                    }
                }
            }
        } catch {
            logger.debug("An HTTP/2 connection broke", metadata: ["error": "\(error)"])
        }
    }
}
