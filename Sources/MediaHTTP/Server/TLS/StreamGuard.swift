import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// Keeps one HTTP/2 stream in order, as ``ConnectionGuard`` does an HTTP/1 connection.
///
/// - `Expect: 100-continue`: the interim answer is written when a route begins to read the body.
/// - An answer that is given before the body was read reaches the client, which is then asked to stop sending
///   (RST_STREAM with NO_ERROR; RFC 9113, 8.1).
/// - A body that comes too slowly while the server waits for it ends, and so does a stream whose client takes nothing.
final class StreamGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Pieces of an answer of this size are seen to leave one by one: the most that one frame carries by default.
    private static let piece = 16 << 10

    private let limits: ConnectionLimits
    /// Measures the body until its end; nil before and after.
    private var meter: BodyMeter?
    private var bodyFailed = false
    private var answerStarted = false
    /// Pieces of the answer that have not left.
    private var waitingPieces = 0
    private var sendDeadline: NIODeadline?
    private var timer: (at: NIODeadline, task: Scheduled<Void>)?

    init(limits: ConnectionLimits) { self.limits = limits }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimer()
        context.fireChannelInactive()
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        meter?.startWaiting(at: .now())
        setTimer(context)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            guard head.headerFields.count <= limits.headerFields else { return refuse(context) }
            let length = head.headerFields[.contentLength].flatMap { Int($0) }
            let expects = head.headerFields[.expect]?.lowercased() == "100-continue"
            meter = BodyMeter(length: length, awaitsContinue: expects && length != 0)
        case .body(let bytes):
            if bodyFailed { return }
            meter?.receive(bytes.readableBytes)
        case .end:
            meter = nil
            if bodyFailed { return }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        meter?.stopWaiting(at: .now())
        setTimer(context)
        context.fireChannelReadComplete()
    }

    /// Answers a request with more header fields than the server takes; no route sees it.
    private func refuse(_ context: ChannelHandlerContext) {
        let problem = HTTPProblem(
            .requestHeaderFieldsTooLarge, detail: "The request's headers are larger than the server takes.")
        let (head, body) = problem.bareAnswer(requestID: Exchange.makeID())
        var fields = HTTPFields()
        for (name, value) in head.headers where name != "connection" {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        bodyFailed = true
        meter = BodyMeter(length: nil, awaitsContinue: false)
        context.write(
            Self.wrapOutboundOut(.head(HTTPResponse(status: problem.status, headerFields: fields))), promise: nil)
        context.write(Self.wrapOutboundOut(.body(body)), promise: nil)
        end(context, Self.wrapOutboundOut(.end(nil)), nil)
        context.flush()
    }

    // MARK: Answering

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ContinueRequested else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if meter?.awaitsContinue == true, !answerStarted {
            meter?.continued()
            context.writeAndFlush(Self.wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            meter?.startWaiting(at: .now())
            setTimer(context)
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head:
            answerStarted = true
            context.write(data, promise: promise)
        case .body(var bytes):
            while bytes.readableBytes > Self.piece, let piece = bytes.readSlice(length: Self.piece) {
                send(piece, nil, context)
            }
            send(bytes, promise, context)
        case .end:
            end(context, data, promise)
        }
    }

    private func send(_ piece: ByteBuffer, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        waitingPieces += 1
        if sendDeadline == nil { sendDeadline = .now() + limits.sendTime }
        let left = context.eventLoop.makePromise(of: Void.self)
        left.futureResult.assumeIsolated().whenComplete { _ in
            self.waitingPieces -= 1
            self.sendDeadline = self.waitingPieces > 0 ? .now() + self.limits.sendTime : nil
        }
        if let promise { left.futureResult.cascade(to: promise) }
        context.write(Self.wrapOutboundOut(.body(piece)), promise: left)
        setTimer(context)
    }

    /// Writes the answer's end; a client that is still sending is asked to stop when the answer has left.
    private func end(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        guard meter != nil else { return context.write(data, promise: promise) }
        let left = context.eventLoop.makePromise(of: Void.self)
        if let promise { left.futureResult.cascade(to: promise) }
        left.futureResult.assumeIsolated().whenSuccess { _ in
            guard self.meter != nil, context.channel.isActive else { return }
            self.meter = nil
            self.bodyFailed = true
            context.triggerUserOutboundEvent(
                NIOHTTP2FramePayloadToHTTPEvent.reset(code: .noError), promise: nil)
        }
        context.writeAndFlush(data, promise: left)
    }

    // MARK: Time

    private var deadline: NIODeadline? {
        switch (meter?.windowEnd(limits), sendDeadline) {
        case (let body?, let send?): min(body, send)
        case (let one, let other): one ?? other
        }
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, let deadline else { return }
        if let timer, timer.at <= deadline { return }
        timer?.task.cancel()
        timer = (
            deadline, context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.alarm(context) }
        )
    }

    private func stopTimer() {
        timer?.task.cancel()
        timer = nil
    }

    private func alarm(_ context: ChannelHandlerContext) {
        timer = nil
        let now = NIODeadline.now()
        if let sendDeadline, sendDeadline <= now { return context.close(promise: nil) }
        if meter?.isTooSlow(at: now, limits) == true, !bodyFailed {
            bodyFailed = true
            context.fireErrorCaught(HTTPProblem.bodyTooSlow)
        }
        setTimer(context)
    }
}

@available(*, unavailable)
extension StreamGuard: Sendable {}
