import NIOCore

/// Measures how fast a request's body comes while the server waits for it.
///
/// A server that writes slowly stops reading its socket; the client then cannot send, and is not to blame. So the clock
/// runs only between a read that was asked for and its completion, and not while the client waits for `100 Continue`.
struct BodyMeter {
    /// Bytes still to come; nil for a chunked body.
    private(set) var remaining: Int?
    /// The client waits for `100 Continue` before it sends.
    private(set) var awaitsContinue: Bool
    private var waitingSince: NIODeadline?
    private var waited: TimeAmount = .zero
    private var bytes = 0

    init(length: Int?, awaitsContinue: Bool) {
        remaining = length
        self.awaitsContinue = awaitsContinue
    }

    /// Bytes came; a client that waited for `100 Continue` waits no longer.
    mutating func receive(_ count: Int) {
        remaining = remaining.map { $0 - count }
        bytes += count
        awaitsContinue = false
    }

    mutating func continued() { awaitsContinue = false }

    /// The server waits for bytes from now on.
    mutating func startWaiting(at now: NIODeadline) {
        if waitingSince == nil, !awaitsContinue { waitingSince = now }
    }

    /// The server has got what there was, or does not want more for now.
    mutating func stopWaiting(at now: NIODeadline) {
        guard let since = waitingSince else { return }
        waited = waited + (now - since)
        waitingSince = nil
    }

    /// When the current window ends if nothing changes; nil while the server does not wait.
    func windowEnd(_ limits: ConnectionLimits) -> NIODeadline? {
        waitingSince.map { $0 + (limits.bodyWindow - waited) }
    }

    /// Whether the window that ends now had too few bytes; a window that has not ended is left alone.
    mutating func isTooSlow(at now: NIODeadline, _ limits: ConnectionLimits) -> Bool {
        guard let end = windowEnd(limits), end <= now else { return false }
        if bytes < limits.bodyBytesPerWindow { return true }
        bytes = 0
        waited = .zero
        waitingSince = now
        return false
    }
}
