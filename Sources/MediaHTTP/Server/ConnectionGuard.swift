import HTTPTypes
import NIOCore
import NIOHTTP1

/// Keeps one HTTP/1 connection in order, between NIO's decoder and Hummingbird.
///
/// - `Expect: 100-continue` (RFC 9110, 10.1.1): the interim answer is written when a route begins to read the body.
/// - An answer that is given before the body was read reaches the client: it carries `Connection: close`, the rest of
///   the body is read and dropped up to a limit, and only then the connection is closed. A close with unread bytes
///   makes the kernel send RST, and the client may lose the answer (RFC 9112, 9.6).
/// - Slow heads, slow bodies and idle connections end; a body is slow only while the server waits for it. A client that
///   takes nothing of its answer is cut off.
/// - Bytes that are no HTTP are answered with a problem document. Hummingbird's own answer has no body.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What a head that is dropped counts for: `GET / HTTP/1.1` and two ends of lines.
    private static let leastHead = 18

    private var state: ConnectionState

    /// How many requests wait for their answers.
    var unanswered: Int { state.unanswered }
    private var timer: (at: NIODeadline, task: Scheduled<Void>)?
    private var isReading = false
    private var gotRequest = false
    private let phase: ReceivePhase

    init(limits: ConnectionLimits, phase: ReceivePhase) {
        self.phase = phase
        state = ConnectionState(limits: limits, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { setTimer(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        setTimer(context)
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimer()
        context.fireChannelInactive()
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        guard !state.holdsBack else { return }
        isReading = true
        state.startWaiting(at: .now())
        setTimer(context)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        gotRequest = true
        switch Self.unwrapInboundIn(data) {
        case .head(var head):
            guard state.ending == .open, state.takesRequest() else {
                _ = state.receive(bytes: Self.leastHead)
                if state.lingeredEnough { context.close(promise: nil) }
                return
            }
            if let problem = HTTPProblem(refusing: head) { return refuse(problem, HTTPParserError.unknown, context) }
            // An expectation in HTTP/1.0 is to be ignored (RFC 9110, 10.1.1); nobody after this handler sees the version.
            if head.isHTTP10 { head.headers.remove(name: "expect") }
            state.receive(head)
            context.fireChannelRead(Self.wrapInboundOut(.head(head)))
        case .body(let bytes):
            if state.receive(bytes: bytes.readableBytes) { context.fireChannelRead(data) }
            if state.lingeredEnough { context.close(promise: nil) }
        case .end:
            if state.receiveEnd(at: .now()) { context.fireChannelRead(data) }
            if state.lingeredEnough { context.close(promise: nil) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        state.stopWaiting(at: .now(), gotRequest: gotRequest)
        phase.isBody = state.readsBody
        gotRequest = false
        setTimer(context)
        context.fireChannelReadComplete()
        // Nobody behind this handler asks for bytes that are only dropped.
        if case .lingering = state.ending, !isReading { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What comes after bytes that were no HTTP reaches us in this way only.
        if case .dataReceivedInErrorState(_, let bytes)? = error as? ByteToMessageDecoderError, state.ending != .open {
            _ = state.receive(bytes: bytes.readableBytes)
            if state.lingeredEnough { context.close(promise: nil) }
            return
        }
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard state.ending == .open else { return context.close(promise: nil) }
        refuse(HTTPProblem(error), error, context)
    }

    /// Answers bytes that are no request, or leaves it to those who answer the requests before.
    private func refuse(_ problem: HTTPProblem, _ error: HTTPParserError, _ context: ChannelHandlerContext) {
        switch (state.receiveError(), error) {
        case (.application, _): context.fireErrorCaught(error)
        case (.connection, .invalidEOFState): context.close(promise: nil)
        case (.connection, _): answer(problem, context)
        case (.nobody, _): break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            if state.quiesce() { context.close(promise: nil) }
        case ChannelEvent.inputClosed where state.ending != .open:
            context.close(promise: nil)
        case ChannelEvent.inputClosed:
            state.receiveClose()
            context.fireUserInboundEventTriggered(event)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Answering

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ContinueRequested else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if state.continueBody() {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(Self.wrapOutboundOut(.head(head)), promise: nil)
            if isReading { state.startWaiting(at: .now()) }
            setTimer(context)
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // After its last answer, and without a request, a connection takes no more.
        guard state.ending == .open, state.unanswered > 0 else { return promise?.succeed() ?? () }
        switch Self.unwrapOutboundIn(data) {
        case .head(var head):
            guard state.startAnswer(&head) else { return promise?.succeed() ?? () }
            give(context)
            context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            give(context)
            context.write(data, promise: promise)
        case .end:
            finish(context, data, promise)
        }
    }

    private func give(_ context: ChannelHandlerContext) {
        state.give(at: .now())
        setTimer(context)
    }

    private func finish(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let after = state.finishAnswer(at: .now())
        setTimer(context)
        guard after != .keep else { return context.write(data, promise: promise) }
        let flushed = promise ?? context.eventLoop.makePromise()
        flushed.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: after == .linger ? .output : .all, promise: nil)
        }
        context.writeAndFlush(data, promise: flushed)
        if after == .linger, !isReading { read(context: context) }
    }

    /// Writes an answer of the guard's own, the connection's last.
    private func answer(_ problem: HTTPProblem, _ context: ChannelHandlerContext) {
        let (head, body) = problem.bareAnswer(requestID: Exchange.makeID())
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let flushed = context.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
        state.refuse(at: .now())
        setTimer(context)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: flushed)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // Hummingbird closes when its answers are written; this handler knows better when that is.
        guard state.ending != .open, mode != .input else { return context.close(mode: mode, promise: promise) }
        if let promise { context.channel.closeFuture.cascade(to: promise) }
    }

    // MARK: Time

    /// Makes sure that a timer fires no later than the next deadline; one that fires early is set anew.
    private func setTimer(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, let deadline = state.deadline else { return }
        if let timer, timer.at <= deadline { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.alarm(context) }
        timer = (deadline, task)
    }

    private func stopTimer() {
        timer?.task.cancel()
        timer = nil
    }

    private func alarm(_ context: ChannelHandlerContext) {
        timer = nil
        let waiting = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        switch state.alarm(at: .now(), waiting: waiting ?? 0) {
        case .nothing: break
        case .close: return context.close(promise: nil)
        case .bodyTooSlow: context.fireErrorCaught(HTTPProblem.bodyTooSlow)
        }
        setTimer(context)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
