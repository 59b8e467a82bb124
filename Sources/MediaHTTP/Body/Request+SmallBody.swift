import Hummingbird
import NIOCore
import XMedia

/// Bodies that are collected before they are read: all but uploads.
extension Request {
    /// The most bytes of such a body: 1 MiB.
    static var smallBodyLimit: Int { 1 << 20 }

    /// The body in one buffer.
    ///
    /// - Parameter limit: the most bytes.
    /// - Returns: the body.
    /// - Throws: 413 for more, 400 for a compressed body.
    func smallBody(limit: Int = Request.smallBodyLimit) async throws -> ByteBuffer {
        try checkCoding()
        let tooLarge = HTTPProblem.contentTooLarge("A request body here may have at most \(limit) bytes.")
        try checkLength(atMost: Int64(limit), else: tooLarge)
        var collected = ByteBuffer()
        for try await buffer in body {
            guard collected.readableBytes + buffer.readableBytes <= limit else { throw tooLarge }
            collected.writeImmutableBuffer(buffer)
        }
        return collected
    }

    /// The JSON body.
    ///
    /// - Parameter schema: what it must match.
    /// - Returns: the body, a JSON object that matches.
    /// - Throws: 400 for another content type, for what is no JSON object, and for departures from the schema; 413.
    func jsonBody(_ schema: Schema) async throws -> JSONValue {
        guard bodyType == .json else { throw HTTPProblem.wrongContentType }
        let value = try JSONValue(parsing: await smallBody())
        try schema.check(value)
        return value
    }

    /// The fields of a urlencoded body.
    ///
    /// - Throws: 413.
    func formBody() async throws -> FormFields {
        FormFields(urlencoded: String(buffer: try await smallBody(limit: formLimit)))
    }

    /// Reads the body of a request that needs none: nothing, white space, or a JSON object whose members mean nothing.
    ///
    /// Clients of X send both, and a content type without a body. X refuses JSON that is no object.
    ///
    /// - Parameter strictly: refuses members too, where somebody might believe that they count.
    /// - Throws: 400 for a body of another kind; 413.
    func emptyBody(strictly: Bool = false) async throws {
        let bytes = try await smallBody()
        // White space alone is what a shell's `-d "$EMPTY"` or a template with a line's end sends for nothing.
        guard bytes.readableBytesView.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return }
        guard bodyType == .json || bodyType == .absent else { throw HTTPProblem.wrongContentType }
        guard case .object(let members) = try JSONValue(parsing: bytes) else { throw HTTPProblem.bodyIsNoObject }
        if strictly { try Schema.object([]).check(.object(members)) }
    }
}
