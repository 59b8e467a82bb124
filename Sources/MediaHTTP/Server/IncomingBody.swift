import Hummingbird
import NIOCore

/// A request's body as a route reads it.
///
/// The first pull sends `100 Continue` to a client that waits for it, so whoever refuses before reading never asks for
/// bytes that it does not want. A body that breaks off throws; it never looks complete.
struct IncomingBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let exchange: Exchange
    let buffers: ReceiveBuffers

    struct AsyncIterator: AsyncIteratorProtocol {
        var body: RequestBody.AsyncIterator
        let exchange: Exchange
        let buffers: ReceiveBuffers
        var hasBegun = false
        /// What was given last; whoever asks for more has usually done with it.
        var last: ByteBuffer?

        @concurrent
        mutating func next() async throws -> ByteBuffer? {
            if !hasBegun {
                hasBegun = true
                exchange.continueBody()
            }
            buffers.give(&last)
            do {
                if let bytes = try await body.next() {
                    exchange.count(bytes.readableBytes)
                    last = bytes
                    return bytes
                }
                // A cancelled task's sequence ends like a complete one; the difference decides about lost bytes.
                try Task.checkCancellation()
                return nil
            } catch {
                let problem = HTTPProblem(error) ?? .bodyCut
                exchange.fail(problem)
                throw problem
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body.makeAsyncIterator(), exchange: exchange, buffers: buffers)
    }
}
