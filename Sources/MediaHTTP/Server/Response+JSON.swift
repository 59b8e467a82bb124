#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
package import HTTPTypes
package import Hummingbird
import NIOCore
package import XMedia

extension Response {
    /// An answer with a JSON body: members in alphabetical order, slashes bare, `application/json` unless a header says
    /// otherwise.
    ///
    /// - Throws: what the value's `encode(to:)` throws.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        json(bytes: ByteBuffer(bytes: try encoder.encode(value)), status: status, headers: headers)
    }

    /// An answer with the same JSON body as any other value's, for what clients ask for all the time.
    ///
    /// - Throws: what the value's `encode(to:)` throws.
    package static func json<Value: JSONWritable>(
        _ envelope: DataEnvelope<Value>, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        let bytes = try envelope.directJSON.map(ByteBuffer.init(bytes:)) ?? ByteBuffer(bytes: encoder.encode(envelope))
        return json(bytes: bytes, status: status, headers: headers)
    }

    private static func json(bytes: ByteBuffer, status: HTTPResponse.Status, headers: HTTPFields) -> Response {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json; charset=utf-8" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }

    /// One for all requests: it is never changed, and `encode` keeps its state to itself.
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
}
