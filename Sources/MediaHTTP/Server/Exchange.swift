import MediaCore
import NIOCore
import Synchronization

/// One request and its answer, as far as the edge keeps account of them.
package final class Exchange: Sendable {
    /// 16 hexadecimal digits, random.
    package let id: String
    /// The connection.
    let channel: any Channel
    private let received = Atomic<Int>(0)
    private let failure = Mutex<HTTPProblem?>(nil)
    private let verdict = Mutex<RateLimiter.Verdict?>(nil)
    private let client = Mutex(ClientOrigin(address: nil, isSecure: false))

    init(channel: any Channel) {
        self.channel = channel
        id = Self.makeID()
    }

    /// 16 random hexadecimal digits.
    static func makeID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Bytes of the request's body that were pulled so far, without chunk framing.
    package var bytesReceived: Int { received.load(ordering: .relaxed) }

    /// Why the body could not be read to its end; nil while nothing is wrong with it.
    package var bodyFailure: HTTPProblem? { failure.withLock { $0 } }

    /// Whether further requests of the connection wait or are being answered.
    var hasCompany: Bool {
        guard channel.eventLoop.inEventLoop else { return false }
        if let guardian = try? channel.pipeline.syncOperations.handler(type: ConnectionGuard.self) {
            return guardian.unanswered > 1
        }
        // The channel of an HTTP/2 stream, whose connection is above it. Above a connection that has just ended is the
        // listening socket, on a loop of its own.
        guard let above = channel.parent, above.eventLoop.inEventLoop,
            let connection = try? above.pipeline.syncOperations.handler(type: HTTP2ConnectionEnd.self)
        else { return false }
        return connection.openStreams > 1
    }

    /// Where the request came from.
    var origin: ClientOrigin {
        get { client.withLock { $0 } }
        set { client.withLock { $0 = newValue } }
    }

    /// How the caller stands with its rate limit; nil where none counts.
    var rateLimit: RateLimiter.Verdict? {
        get { verdict.withLock { $0 } }
        set { verdict.withLock { $0 = newValue } }
    }

    func count(_ bytes: Int) { received.add(bytes, ordering: .relaxed) }

    func fail(_ problem: HTTPProblem) { failure.withLock { $0 = problem } }

    /// Tells a client that sent `Expect: 100-continue` to go on; nothing happens for other clients, or twice.
    func continueBody() {
        channel.triggerUserOutboundEvent(ContinueRequested(), promise: nil)
    }
}

/// The route begins to read a body: an interim answer is due if the client waits for one.
struct ContinueRequested: Sendable {}
