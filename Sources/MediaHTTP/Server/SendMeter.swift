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

    /// Bytes of content that were given to the channel.
    private var given = 0
    /// Bytes that had left it when it was last looked at, without the framing, which is only ever added.
    private var taken = 0
    /// Whether more was given since: a channel that is full takes no more, so this is a step forward too.
    private var wasGiven = false
    private(set) var deadline: NIODeadline?

    /// Bytes are given to the channel.
    mutating func give(_ bytes: Int, at now: NIODeadline, time: TimeAmount) {
        if deadline == nil {
            taken = given
            deadline = now + time
        }
        given += bytes
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
        guard wasGiven || given - waiting > taken else { return .stalled }
        taken = given - waiting
        wasGiven = false
        deadline = now + time
        return .moving
    }
}
