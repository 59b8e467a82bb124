package import Hummingbird
import Logging

/// What goes with a request on its way through middleware and route.
package struct RoostContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The request as the edge sees it: its id, its connection and the bytes read so far.
    package let exchange: Exchange
    /// What the `Authorization` header said; set by ``BearerAuthentication``.
    package var authentication: Authentication = .absent

    package init(source: ApplicationRequestContextSource) {
        exchange = Exchange(channel: source.channel)
        coreContext = CoreRequestContextStorage(source: source)
        // Hummingbird's own id is longer and never leaves the server; one id in logs and answers is enough.
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "request_id"] = .string(exchange.id)
    }

    /// The request's id, 16 hexadecimal digits, as in `x-transaction-id` and in every log line.
    package var id: String { exchange.id }
}
