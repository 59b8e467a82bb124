#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import HTTPTypes
import NIOCore
import NIOHTTP1
import XMedia

/// Requests that are refused before there is a route for them.
extension HTTPProblem {
    /// 400: the body broke off, or its chunks are malformed.
    static let bodyCut = invalidRequest("The request body ended before it was complete, or its chunks are malformed.")

    /// The refusal of a head that NIO's decoder accepts; nil when it is in order.
    ///
    /// llhttp in its strict mode refuses `Content-Length` beside `Transfer-Encoding`, several lengths, bare LF, spaces
    /// before a colon and folded lines. What it lets pass is refused here, because a proxy in front may read it in
    /// another way (RFC 9112, 3.2, 6.1 and 11.2).
    init?(refusing head: HTTPRequestHead) {
        if !head.isHTTP10, head.headers["host"].count != 1 {
            self = .invalidRequest("A request needs exactly one Host header; there are \(head.headers["host"].count)")
            return
        }
        let codings = head.headers["transfer-encoding"]
        guard !codings.isEmpty else { return nil }
        if head.isHTTP10 {
            self = .invalidRequest("HTTP/1.0 has no Transfer-Encoding; a body needs Content-Length")
        } else if codings.count != 1 || codings[0].lowercased() != "chunked" {
            self = HTTPProblem(
                .notImplemented,
                detail:
                    "The transfer coding [\(codings.joined(separator: ", ").prefix(100))] is not known; only chunked "
                    + "is.")
        } else {
            return nil
        }
    }

    /// What NIO's decoder says of bytes that are no HTTP.
    init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow:
            self = HTTPProblem(
                .requestHeaderFieldsTooLarge,
                detail: "The request's target or headers are larger than the server takes.")
        default:
            self = .invalidRequest("The request is not well-formed HTTP/1.1")
        }
    }

    /// The answer without Hummingbird, for a connection on which no request was understood.
    func bareAnswer(requestID: String) -> (head: HTTPResponseHead, body: ByteBuffer) {
        // A problem document is strings and numbers; that it can be encoded is not in question.
        let body = (try? JSONEncoder().encode(problem)).map { ByteBuffer(bytes: $0) } ?? ByteBuffer()
        var headers = HTTPHeaders([
            ("content-type", "application/problem+json"), ("content-length", String(body.readableBytes)),
            ("x-transaction-id", requestID), ("connection", "close"),
        ])
        for field in self.headers { headers.add(name: field.name.rawName, value: field.value) }
        return (HTTPResponseHead(version: .http1_1, status: .init(statusCode: status.code), headers: headers), body)
    }
}
