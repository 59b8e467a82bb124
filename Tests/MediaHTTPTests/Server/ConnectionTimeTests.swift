import NIOCore
import NIOHTTP1
import Testing

@testable import MediaHTTP

/// When a connection is looked at, and what is done then; no clock runs here.
@Suite("A connection's time")
struct ConnectionTimeTests {
    private let limits = ConnectionLimits()
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private static func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    private func makeState() -> ConnectionState { ConnectionState(limits: limits, now: Self.start) }

    /// Receives a request up to its head, and all of it when it has no body.
    private func ask(
        _ state: inout ConnectionState, _ method: HTTPMethod = .GET, _ headers: HTTPHeaders = [:], now: Int64 = 0,
        version: HTTPVersion = .http1_1
    ) {
        state.stopWaiting(at: Self.at(now), gotRequest: true)
        state.receive(HTTPRequestHead(version: version, method: method, uri: "/", headers: headers))
        if !headers.contains(name: "content-length") { _ = state.receiveEnd(at: Self.at(now)) }
    }

    /// Writes an answer; returns what is to be done after it, and its head.
    @discardableResult
    private func answer(_ state: inout ConnectionState, now: Int64 = 0) -> (
        after: ConnectionState.AfterAnswer, head: HTTPResponseHead
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
        let isStarted = state.startAnswer(&head)
        #expect(isStarted)
        return (state.finishAnswer(at: Self.at(now)), head)
    }

    private func alarm(_ state: inout ConnectionState, _ now: Int64, waiting: Int = 0) -> ConnectionState.Alarm {
        state.alarm(at: Self.at(now), waiting: waiting)
    }

    @Test("idle for 75 s since the last answer, not while the server is at work")
    func idle() {
        var state = makeState()
        #expect(state.deadline == Self.at(75))
        ask(&state, now: 10)
        #expect(state.deadline == nil)
        #expect(alarm(&state, 1000) == .nothing)
        #expect(answer(&state, now: 100).after == .keep)
        #expect(state.deadline == Self.at(175))
        #expect(alarm(&state, 174) == .nothing)
        #expect(alarm(&state, 175) == .close)
    }

    @Test("a head that has begun has 30 s, from the end of the answer before")
    func head() {
        var state = makeState()
        state.stopWaiting(at: Self.at(1), gotRequest: false)
        #expect(state.deadline == Self.at(31))
        // Bytes that follow do not begin it anew.
        state.stopWaiting(at: Self.at(20), gotRequest: false)
        #expect(state.deadline == Self.at(31))
        #expect(alarm(&state, 31) == .close)
        state = makeState()
        ask(&state)
        state.stopWaiting(at: Self.at(5), gotRequest: false)
        answer(&state, now: 50)
        #expect(state.deadline == Self.at(80))
    }

    @Test("a body is judged while the server waits for it, and no longer once it is answered")
    func body() {
        var state = makeState()
        ask(&state, .POST, ["content-length": "1000000"])
        #expect(state.deadline == nil)
        state.startWaiting(at: Self.at(10))
        #expect(state.deadline == Self.at(40))
        var answered = state
        #expect(alarm(&state, 40) == .bodyTooSlow)
        // The route was told; what comes is dropped, and the connection ends with the answer.
        let isTaken = state.receive(bytes: 10)
        #expect(!isTaken)
        let isComplete = state.receiveEnd(at: Self.at(41))
        #expect(!isComplete)
        #expect(answer(&state, now: 41).head.headers["connection"] == ["close"])
        var head = HTTPResponseHead(version: .http1_1, status: .ok)
        _ = answered.startAnswer(&head)
        #expect(answered.deadline == nil)
    }

    @Test("after an early answer, a small rest has 5 s and a large one is dropped, at most 16 MiB, for 5 s")
    func rest() {
        var state = makeState()
        ask(&state, .POST, ["content-length": "65536"])
        #expect(answer(&state, now: 10).after == .keep)
        #expect(state.deadline == Self.at(15))
        let isDropped = state.receive(bytes: 65536)
        #expect(isDropped)
        _ = state.receiveEnd(at: Self.at(12))
        // As long as it was idle: since the end of the rest.
        #expect(state.deadline == Self.at(87))

        state = makeState()
        ask(&state, .POST, ["content-length": "65537"])
        #expect(answer(&state, now: 10).after == .linger)
        #expect(state.deadline == Self.at(15))
        #expect(alarm(&state, 15) == .close)
        _ = state.receive(bytes: 16 << 20)
        #expect(!state.lingeredEnough)
        _ = state.receive(bytes: 1)
        #expect(state.lingeredEnough)

        state = makeState()
        ask(&state, .POST, ["content-length": "10", "expect": "100-continue"])
        // It was never asked for, and may never come.
        #expect(answer(&state).after == .linger)
    }

    @Test(
        "nothing is taken behind the last request, and the connection closes when its answer is taken",
        arguments: [
            (HTTPMethod.GET, HTTPHeaders([("connection", "close")]), HTTPVersion.http1_1),
            (.GET, HTTPHeaders(), .http1_0), (.CONNECT, HTTPHeaders(), .http1_1),
            (.GET, HTTPHeaders([("upgrade", "h2c"), ("connection", "upgrade")]), .http1_1),
        ])
    func last(method: HTTPMethod, headers: HTTPHeaders, version: HTTPVersion) {
        var state = makeState()
        ask(&state, method, headers, version: version)
        let isTaken = state.takesRequest()
        #expect(!isTaken)
        let (after, head) = answer(&state, now: 10)
        #expect(after == .close)
        #expect(head.headers["connection"] == ["close"])
        #expect(state.deadline == Self.at(85))
        // The client still takes the answer: as long again.
        state.give(at: Self.at(60))
        #expect(alarm(&state, 85, waiting: 100) == .nothing)
        #expect(state.deadline == Self.at(120))
        #expect(alarm(&state, 120, waiting: 50) == .nothing)
        #expect(state.deadline == Self.at(160))
        #expect(alarm(&state, 160) == .close)
    }

    @Test("a client that takes nothing for 60 s, and once more, is cut off")
    func stalled() {
        var state = makeState()
        ask(&state)
        state.give(at: Self.at(1))
        #expect(state.deadline == Self.at(61))
        #expect(alarm(&state, 61, waiting: 100) == .nothing)
        #expect(alarm(&state, 121, waiting: 100) == .close)
    }

    @Test("at a stop, an idle connection closes at once and a busy one after its answer")
    func quiesce() {
        var state = makeState()
        let isIdle = state.quiesce()
        #expect(isIdle)
        state = makeState()
        ask(&state)
        let isBusy = !state.quiesce()
        #expect(isBusy)
        let (after, head) = answer(&state)
        #expect(after == .close && head.headers["connection"] == ["close"])
    }

    @Test("bytes that are no request are told once, by whoever answers next")
    func errors() {
        var state = makeState()
        #expect(state.receiveError() == .connection)
        #expect(state.receiveError() == .nobody)
        state.refuse(at: Self.at(1))
        #expect(state.deadline == Self.at(6))
        _ = state.receive(bytes: limits.lingerBytesAfterNoRequest)
        #expect(!state.lingeredEnough)
        _ = state.receive(bytes: 1)
        #expect(state.lingeredEnough)

        state = makeState()
        ask(&state)
        #expect(state.receiveError() == .application)
        #expect(answer(&state).after == .keep)
        #expect(answer(&state).after == .close)

        state = makeState()
        ask(&state, .POST, ["content-length": "10"])
        #expect(state.receiveError() == .application)
        #expect(answer(&state).head.headers["connection"] == ["close"])
        var none = HTTPResponseHead(version: .http1_1, status: .ok)
        let isStarted = state.startAnswer(&none)
        #expect(!isStarted)
    }

    @Test("a client that has closed its side gets its answer, and nothing after it")
    func halfClosed() {
        var state = makeState()
        ask(&state)
        state.receiveClose()
        #expect(answer(&state).after == .close)
    }

    @Test("100 Continue is written once, not after the answer's begin, not while other answers are due")
    func continued() {
        let headers: HTTPHeaders = ["content-length": "10", "expect": "100-continue"]
        var state = makeState()
        ask(&state, .POST, headers)
        let (first, second) = (state.continueBody(), state.continueBody())
        #expect(first && !second)
        state = makeState()
        ask(&state)
        ask(&state, .POST, headers)
        let isEarly = state.continueBody()
        #expect(!isEarly)
        answer(&state)
        let isDue = state.continueBody()
        #expect(isDue)
    }

    @Test("an answer of unknown length to HTTP/1.0 has no chunks: the connection's end is its end")
    func unknownLength() {
        for (version, expected) in [(HTTPVersion.http1_0, HTTPVersion.http1_0), (.http1_1, .http1_1)] {
            var state = makeState()
            ask(&state, version: version)
            var head = HTTPResponseHead(version: .http1_1, status: .ok)
            _ = state.startAnswer(&head)
            #expect(head.version == expected)
        }
    }
}
