#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
package import HTTPTypes
package import Hummingbird
import NIOCore

extension Response {
    /// An answer with a JSON body: members in alphabetical order, slashes bare, `application/json` unless a header says
    /// otherwise.
    ///
    /// - Throws: what the value's `encode(to:)` throws.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        let data = try encoder.encode(value)
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json; charset=utf-8" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// One for all requests: it is never changed, and `encode` keeps its state to itself.
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
}
