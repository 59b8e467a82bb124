import NIOCore

/// Watches whether a client takes the bytes of its answers.
///
/// The kernel's buffer and the channel's take the first bytes of an answer at once; then each byte that leaves the channel
/// is one that the client has made room for. As with nginx's `send_timeout`, the clock runs between two steps
/// forward and not for a whole answer, so a slow client is served to the end; and only while bytes wait, so a server
/// that is slow to make an answer does not take the client for dead.
struct SendMeter {
    /// How the client does.
    enum Finding: Equatable {
        /// It has everything.
        case idle
        /// It has taken bytes, or may still do so.
        case moving
        /// It has taken none for the whole time.
        case stalled
    }

    /// Bytes that waited in the channel when it was last looked at.
    private var waitingBefore = 0
    /// Whether more was given since: a channel that is full takes no more, so this is a step forward too.
    private var wasGiven = false
    private(set) var deadline: NIODeadline?

    /// Bytes are given to the channel.
    mutating func give(at now: NIODeadline, time: TimeAmount) {
        if deadline == nil { deadline = now + time }
        wasGiven = true
    }

    /// Looks how far the client has come, at the deadline or before.
    ///
    /// - Parameter waiting: bytes in the channel that the kernel has not taken.
    mutating func look(at now: NIODeadline, waiting: Int, time: TimeAmount) -> Finding {
        guard let end = deadline, waiting > 0 else {
            deadline = nil
            return .idle
        }
        guard end <= now else { return .moving }
        guard wasGiven || waiting < waitingBefore else { return .stalled }
        waitingBefore = waiting
        wasGiven = false
        deadline = now + time
        return .moving
    }
}
