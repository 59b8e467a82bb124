import NIOCore
import NIOHTTP1

/// What an HTTP/1 connection is doing: the rules of ``ConnectionGuard`` as a value, without channel or clock.
///
/// Requests may be pipelined, so a head can arrive before the previous answer is written; answers keep the order.
struct ConnectionState {
    /// Where reading stands.
    enum Inbound {
        /// Between requests; bytes of a next head may have come.
        case waiting(since: NIODeadline, headBegun: Bool)
        /// Within a body.
        case body(BodyMeter)
        /// Nothing more is read: the request was the last, or the bytes were no HTTP.
        case finished
    }

    /// How the connection ends.
    enum Ending: Equatable {
        /// It does not yet.
        case open
        /// Everything was read; it closes when the answer is flushed, at the latest at this moment.
        case flushing(until: NIODeadline)
        /// The client still sends; its bytes are dropped.
        case lingering(until: NIODeadline, budget: Int)
    }

    /// What to do after an answer's last part.
    enum AfterAnswer: Equatable {
        case keep
        case close
        case linger
    }

    /// Who tells the client that its bytes are no HTTP.
    enum ErrorTaker {
        /// The route, or Hummingbird after the answers that are due.
        case application
        /// The guard: no request waits for an answer.
        case connection
        /// Nobody: after the connection's last request nothing is read.
        case nobody
    }

    /// What a timer is good for.
    enum Alarm: Equatable {
        case nothing
        case close
        case bodyTooSlow
    }

    let limits: ConnectionLimits
    private(set) var inbound: Inbound
    private(set) var ending = Ending.open
    /// Requests whose answer is not complete.
    private(set) var unanswered = 0
    private var answerStarted = false
    private var answerIsLast = false
    private var requestIsLast = false
    private var requestIsHTTP10 = false
    private var restDeadline: NIODeadline?
    private var isQuiescing = false
    private var sending = SendMeter()
    /// The route was told that the body cannot be had; parts that still come are dropped.
    private var bodyFailed = false
    /// More requests came than may wait for their answers.
    private var isOverfull = false

    init(limits: ConnectionLimits, now: NIODeadline) {
        self.limits = limits
        inbound = .waiting(since: now, headBegun: false)
    }

    // MARK: Reading

    /// Whether a head that comes is taken for a request.
    ///
    /// Nothing behind the last request is processed (RFC 9112, 9.6). And a connection on which too many requests wait for
    /// their answers takes no more of them: one read may hold thousands, each of which costs memory until its turn comes.
    mutating func takesRequest() -> Bool {
        if case .finished = inbound { return false }
        guard unanswered >= limits.pipelinedRequests else { return true }
        inbound = .finished
        requestIsLast = true
        isOverfull = true
        return false
    }

    /// Whether nothing is to be read until the answers that are due are written: it would be parsed only to be dropped.
    var holdsBack: Bool { isOverfull && ending == .open }

    /// Whether a body is read, or dropped.
    var readsBody: Bool {
        if case .body = inbound { !isOverfull } else { false }
    }

    /// A head came.
    mutating func receive(_ head: HTTPRequestHead) {
        unanswered += 1
        requestIsHTTP10 = head.isHTTP10
        // NIO's decoder stops for good after an upgrade (RFC 9110, 7.8), also one that the server ignores.
        requestIsLast =
            requestIsHTTP10 || !head.isKeepAlive || head.method == .CONNECT || head.headers.contains(name: "upgrade")
        let expectsContinue =
            !requestIsHTTP10 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
        let length =
            head.headers.contains(name: "transfer-encoding")
            ? nil : head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        inbound = .body(BodyMeter(length: length, awaitsContinue: expectsContinue && length != 0))
    }

    /// Bytes of a body came; false when they are to be dropped.
    mutating func receive(bytes count: Int) -> Bool {
        if case .lingering(let until, let budget) = ending {
            ending = .lingering(until: until, budget: budget - count)
            return false
        }
        guard case .body(var meter) = inbound, !bodyFailed else { return false }
        meter.receive(count)
        inbound = .body(meter)
        return true
    }

    /// A request's end came; false when it is to be dropped.
    mutating func receiveEnd(at now: NIODeadline) -> Bool {
        guard case .body = inbound else { return false }
        restDeadline = nil
        if bodyFailed { inbound = .finished; return false }
        inbound = requestIsLast ? .finished : .waiting(since: now, headBegun: false)
        return ending == .open
    }

    /// The bytes are no HTTP, or end in the middle.
    mutating func receiveError() -> ErrorTaker {
        if case .body = inbound {
            requestIsLast = true
            bodyFailed = true
            return .application
        }
        if case .finished = inbound { return .nobody }
        inbound = .finished
        requestIsLast = true
        guard unanswered > 0 else { return .connection }
        // Hummingbird writes a bare 400 after the answers that are due; that is one answer more.
        unanswered += 1
        return .application
    }

    /// The client has closed its side.
    mutating func receiveClose() {
        inbound = .finished
        requestIsLast = true
    }

    /// The channel wants bytes.
    mutating func startWaiting(at now: NIODeadline) {
        guard case .body(var meter) = inbound else { return }
        meter.startWaiting(at: now)
        inbound = .body(meter)
    }

    /// A read is complete.
    mutating func stopWaiting(at now: NIODeadline, gotRequest: Bool) {
        switch inbound {
        case .body(var meter):
            meter.stopWaiting(at: now)
            inbound = .body(meter)
        case .waiting(_, headBegun: false) where !gotRequest:
            inbound = .waiting(since: now, headBegun: true)
        case .waiting, .finished:
            break
        }
    }

    /// The route reads the body; whether `100 Continue` is to be written.
    mutating func continueBody() -> Bool {
        guard case .body(var meter) = inbound, meter.awaitsContinue, unanswered == 1, !answerStarted else {
            return false
        }
        meter.continued()
        inbound = .body(meter)
        return true
    }

    // MARK: Answering

    /// The head of an answer is to be written; false when no request waits for one.
    mutating func startAnswer(_ head: inout HTTPResponseHead) -> Bool {
        guard unanswered > 0, !answerStarted else { return false }
        answerStarted = true
        if requestIsHTTP10, !head.headers.contains(name: "content-length") {
            // No chunks for HTTP/1.0; the connection's end is the body's.
            head.version = .http1_0
        }
        answerIsLast = unanswered == 1 && (requestIsLast || isQuiescing || !keepsRest || !head.isKeepAlive)
        if answerIsLast { head.headers.replaceOrAdd(name: "connection", value: "close") }
        return true
    }

    /// Whether what is still to come of the body is worth reading to keep the connection.
    private var keepsRest: Bool {
        guard case .body(let meter) = inbound else { return true }
        return !meter.awaitsContinue && meter.remaining.map { $0 <= limits.keptRest } ?? false
    }

    /// Bytes of an answer go to the channel.
    mutating func give(at now: NIODeadline) {
        sending.give(at: now, time: limits.sendTime)
    }

    /// The last part of an answer is to be written.
    mutating func finishAnswer(at now: NIODeadline) -> AfterAnswer {
        answerStarted = false
        unanswered -= 1
        guard answerIsLast else {
            if case .body = inbound, unanswered == 0 { restDeadline = now + limits.lingerTime }
            if case .waiting(_, let begun) = inbound { inbound = .waiting(since: now, headBegun: begun) }
            return .keep
        }
        if isOverfull {
            // Unread bytes at the close would cost the client the answers that it has not taken yet.
            refuse(at: now)
            return .linger
        }
        if case .body = inbound {
            ending = .lingering(until: now + limits.lingerTime, budget: limits.lingerBytes)
            return .linger
        }
        ending = .flushing(until: now + limits.idleTime)
        return .close
    }

    /// The guard answers bytes that are no request; nothing follows.
    mutating func refuse(at now: NIODeadline) {
        inbound = .body(BodyMeter(length: nil, awaitsContinue: false))
        ending = .lingering(until: now + limits.lingerTime, budget: limits.lingerBytesAfterNoRequest)
    }

    /// The server stops: whether the connection can be closed at once.
    mutating func quiesce() -> Bool {
        isQuiescing = true
        return unanswered == 0 && ending == .open
    }

    // MARK: Time

    /// Whether lingering has reached its end.
    var lingeredEnough: Bool {
        guard case .lingering(_, let budget) = ending else { return false }
        if case .body = inbound { return budget < 0 }
        return true
    }

    /// When something must be looked at if nothing happens; nil when the server itself is at work.
    var deadline: NIODeadline? {
        guard let reading = readDeadline, let sending = sending.deadline else {
            return readDeadline ?? sending.deadline
        }
        return min(reading, sending)
    }

    private var readDeadline: NIODeadline? {
        switch (ending, inbound) {
        case (.lingering(let until, _), _), (.flushing(let until), _): until
        case (.open, .finished): nil
        case (.open, .body(let meter)): restDeadline ?? (answerStarted || bodyFailed ? nil : meter.windowEnd(limits))
        case (.open, .waiting(let since, let headBegun)):
            unanswered > 0 ? nil : since + (headBegun ? limits.headTime : limits.idleTime)
        }
    }

    /// What is to be done at this moment.
    ///
    /// - Parameter waiting: bytes in the channel that the client has not taken.
    mutating func alarm(at now: NIODeadline, waiting: Int) -> Alarm {
        let client = sending.look(at: now, waiting: waiting, time: limits.sendTime)
        if client == .stalled { return .close }
        guard let readDeadline, readDeadline <= now else { return .nothing }
        // The end of an answer is still on its way, and arriving.
        if client == .moving, postponeClose(at: now) { return .nothing }
        guard ending == .open, restDeadline == nil, case .body(var meter) = inbound else { return .close }
        let isTooSlow = meter.isTooSlow(at: now, limits)
        inbound = .body(meter)
        guard isTooSlow else { return .nothing }
        requestIsLast = true
        bodyFailed = true
        return .bodyTooSlow
    }

    /// Puts off the close of a connection on which nothing more is expected, while the client still takes its answer.
    private mutating func postponeClose(at now: NIODeadline) -> Bool {
        switch (ending, inbound) {
        case (.flushing, _): ending = .flushing(until: now + limits.idleTime)
        case (.open, .waiting(_, headBegun: false)): inbound = .waiting(since: now, headBegun: false)
        default: return false
        }
        return true
    }
}

extension HTTPRequestHead {
    /// Whether the client knows neither chunks nor interim answers; the decoder lets no other major version pass.
    var isHTTP10: Bool { version.minor == 0 }
}
