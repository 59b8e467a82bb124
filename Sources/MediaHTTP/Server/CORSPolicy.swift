import HTTPTypes
import Hummingbird

/// Which origins' scripts may use the API (https://fetch.spec.whatwg.org/#http-cors-protocol).
///
/// The API takes tokens in `Authorization`, never from cookies, and the one page with a cookie is not for scripts: so
/// credentials mode is not allowed, and `*` is safe to offer.
struct CORSPolicy: Sendable {
    private let origins: Set<String>
    private let allowsAll: Bool

    init(origins: [String]) {
        self.origins = Set(origins)
        allowsAll = origins.contains("*")
    }

    /// The answer to a preflight request; nil for every other request, and for origins that are not allowed.
    func preflight(_ request: Request) -> Response? {
        guard request.method == .options, request.headers[.accessControlRequestMethod] != nil,
            allowedOrigin(request) != nil
        else { return nil }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: "GET, HEAD, POST, DELETE",
                .accessControlAllowHeaders:
                    "authorization, content-type, content-digest, repr-digest, range, if-none-match, if-range, "
                    + "idempotency-key",
                .accessControlMaxAge: "7200",
            ])
    }

    /// Adds what the browser needs to hand the answer to the script.
    func apply(to response: inout Response, for request: Request) {
        guard allowsAll || !origins.isEmpty else { return }
        // The answer depends on the origin, also when there is none: a cache must know.
        if !allowsAll { response.headers.append(HTTPField(name: .vary, value: "Origin")) }
        guard let origin = allowedOrigin(request) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] =
            "x-transaction-id, etag, content-range, content-length, accept-ranges, retry-after, x-rate-limit-limit, "
            + "x-rate-limit-remaining, x-rate-limit-reset"
    }

    private func allowedOrigin(_ request: Request) -> String? {
        guard let origin = request.headers[.origin] else { return nil }
        if allowsAll { return "*" }
        return origins.contains(origin) ? origin : nil
    }
}
