package import NIOCore

/// What one connection may cost.
package struct ConnectionLimits: Sendable {
    /// Within this time a begun request head must be complete.
    package var headTime: TimeAmount = .seconds(30)
    /// After this time without a request the connection is closed.
    package var idleTime: TimeAmount = .seconds(75)
    /// The least bytes of a body within ``bodyWindow``: 30 KiB, that is 1 KiB/s.
    package var bodyBytesPerWindow = 30 << 10
    /// The time over which a body's rate is averaged; only time in which the server waits for bytes counts.
    package var bodyWindow: TimeAmount = .seconds(30)
    /// A client that takes no byte of its answer for so long is cut off, at the latest after twice this time.
    ///
    /// As nginx's `send_timeout` (https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout, 60 s).
    package var sendTime: TimeAmount = .seconds(60)
    /// After an early answer, the most bytes that are read and dropped so that the answer is not lost.
    package var lingerBytes = 16 << 20
    /// The same after bytes that are no request: enough for the rest of a head that is too large.
    package var lingerBytesAfterNoRequest = 256 << 10
    /// After an early answer, the longest time for that.
    package var lingerTime: TimeAmount = .seconds(5)
    /// After an early answer, a rest of the body up to this size is read and the connection kept.
    package var keptRest = 64 << 10
    /// The most requests that may wait for their answers (RFC 9112, 9.3.2: pipelining); after them the connection ends, and
    /// the client repeats what was not answered.
    package var pipelinedRequests = 64
    /// The most bytes of a request's head, target and fields together; one field may have them all.
    ///
    /// As Node.js's `--max-http-header-size` (https://nodejs.org/api/cli.html#--max-http-header-sizesize, 16 KiB). A head is
    /// parsed byte by byte on the event loop before anything is known of its sender, so its size is time of all others.
    package var headBytes = 16 << 10
    /// The most header fields.
    package var headerFields = 100

    /// HTTP/2: how long a client has to take note that the connection ends, while none of its requests is answered.
    package var noticeTime: TimeAmount = .seconds(2)
    /// HTTP/2: the most requests at once on one connection.
    package var streams = 100
    /// HTTP/2: bytes that a client may send on one stream before the server has read them, 256 KiB.
    ///
    /// A connection with a round trip of 50 ms then carries 5 MB/s on each stream. With ``streams`` it bounds what one
    /// connection keeps in memory while no route reads: 25 MiB.
    package var streamWindow = 256 << 10
    /// HTTP/2: the same for all streams of a connection together, 1 MiB.
    ///
    /// NIO gives it back as bytes come, not as they are read: it bounds what is on the way.
    package var connectionWindow = 1 << 20

    package init() {}
}
