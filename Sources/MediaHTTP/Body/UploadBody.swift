import Hummingbird
import MediaCore
import NIOCore
import XMedia

/// An upload's body, read while it arrives: from the connection through the parser into a store's writer.
///
/// At no time is more of it in memory than one buffer of the connection and the small members.
final class UploadBody {
    private var bytes: VerifiedBody
    private var format: any UploadFormat
    /// Whether the media begins here.
    private(set) var isAtMedia = false
    private var isAtEnd = false

    /// Takes the body of a request; nothing is pulled yet.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - takesMediaData: whether the media of a multipart body may also be the part `media_data`, in base64.
    /// - Throws: 400 for another content type than JSON and multipart, a compressed body, and a malformed digest.
    init(_ request: Request, takesMediaData: Bool = false) throws(HTTPProblem) {
        try request.checkCoding()
        format =
            switch request.bodyType {
            case .json: JSONUploadFormat()
            case .multipart(let contentType):
                try MultipartUploadFormat(contentType: contentType, takesMediaData: takesMediaData)
            case .absent, .form, .other: throw .wrongContentType
            }
        bytes = try VerifiedBody(request)
    }

    /// Reads up to the media, or to the end when there is none.
    ///
    /// - Returns: whether the media comes next.
    /// - Throws: 400 for what is wrong with the body, and what the connection throws.
    func readToMedia() async throws -> Bool {
        guard !isAtMedia, let event = try await next() else { return isAtMedia }
        if case .mediaBegin = event { isAtMedia = true }
        return isAtMedia
    }

    /// Writes the media, reads the rest, and compares the digests.
    ///
    /// - Throws: 400 for what is wrong with the body, among it that it has no media; what the connection or the writer
    ///   throws.
    func receive(into writer: any BlobWriter) async throws {
        guard try await readToMedia() else {
            throw HTTPProblem.invalidRequest("The `media` field is required", parameters: ["media": []])
        }
        while case .media(let content)? = try await next() { try await writer.write(content) }
    }

    /// The fields read so far; none for JSON.
    var fields: FormFields { format.fields }

    /// All members but the media, once the body has ended.
    func members(typedBy schema: Schema) -> JSONValue { format.members(typedBy: schema) }

    /// The next event; nil when the whole body was read.
    private func next() async throws -> UploadEvent? {
        while !isAtEnd {
            if let event = try format.next() { return event }
            if let more = try await bytes.next() {
                format.append(more)
            } else {
                isAtEnd = true
                try format.finish()
            }
        }
        return nil
    }
}
