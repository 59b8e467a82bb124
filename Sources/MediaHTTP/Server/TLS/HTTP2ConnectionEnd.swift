import NIOCore
import NIOHTTP2
import NIOSSL

/// How an HTTP/2 connection ends: the last handler.
///
/// - When the client broke the protocol, as soon as NIO has told it why (GOAWAY). A stream that broke it was reset, and the
///   others go on (RFC 9113, 5.4).
/// - When the server stops, or the connection was idle, NIO asks the client to take note that no more requests are taken,
///   and waits without end for its word (RFC 9113, 6.8). A client that gives none within a time is not waited for any
///   longer: the connection ends then, or with the last of its requests.
final class HTTP2ConnectionEnd: ChannelInboundHandler, NIOHTTP2FrameDelegate {
    typealias InboundIn = HTTP2Frame

    /// Counts the streams, before NIO's own delegate does.
    struct StreamDelegate: NIOHTTP2StreamDelegate {
        fileprivate let end: NIOLoopBound<HTTP2ConnectionEnd>
        fileprivate let next: NIOHTTP2ServerConnectionManagementHandler.HTTP2StreamDelegate

        func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
            end.value.streamCreated()
            next.streamCreated(id, channel: channel)
        }

        func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
            end.value.streamClosed()
            next.streamClosed(id, channel: channel)
        }
    }

    private let channel: any Channel
    private let patience: TimeAmount
    private var isBroken = false
    /// Streams that are not closed: requests that come or are answered.
    private(set) var openStreams = 0
    /// Runs from the first word about the end on.
    private var timer: Scheduled<Void>?
    private var isOver = false

    /// Makes the handler.
    ///
    /// - Parameters:
    ///   - channel: the connection; this is called on its event loop.
    ///   - patience: how long the client has to take note of the end.
    init(_ channel: any Channel, patience: TimeAmount) {
        self.channel = channel
        self.patience = patience
    }

    /// What NIO tells of the connection's streams, passed on.
    func streamDelegate(
        before next: NIOHTTP2ServerConnectionManagementHandler.HTTP2StreamDelegate
    ) -> StreamDelegate {
        StreamDelegate(end: NIOLoopBound(self, eventLoop: channel.eventLoop), next: next)
    }

    private func streamCreated() { openStreams += 1 }

    private func streamClosed() {
        openStreams -= 1
        guard isOver, openStreams == 0 else { return }
        // The answer's last bytes are written, but flushed only after this.
        channel.eventLoop.execute { [channel] in channel.close(promise: nil) }
    }

    func wroteFrame(_ frame: HTTP2Frame) {
        guard case .goAway(_, let code, _) = frame.payload else { return }
        if code != .noError {
            isBroken = true
        } else if timer == nil {
            timer = channel.eventLoop.assumeIsolated().scheduleTask(in: patience) {
                self.isOver = true
                if self.openStreams == 0 { self.channel.close(promise: nil) }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isBroken || error is NIOSSLError { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }
}

@available(*, unavailable)
extension HTTP2ConnectionEnd: Sendable {}
