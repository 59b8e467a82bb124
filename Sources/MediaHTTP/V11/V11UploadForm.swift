import Hummingbird
import JSONBody
import MediaCore
import MediaRules
import NIOCore
import XMedia

/// What a request to `/1.1/media/upload.json` carries: fields in query and body, and the media as `media` or, in base64,
/// as `media_data`.
final class V11UploadForm {
    private enum Media {
        case none
        /// Of a multipart body, streamed.
        case streamed(UploadBody)
        /// Of a query or a urlencoded body, which is small.
        case bytes(ByteBuffer)
    }

    private let query: FormFields
    private let form: FormFields
    private let media: Media

    /// Reads the query and a urlencoded body, or a multipart body up to its media.
    ///
    /// - Throws: 400 for another content type, what is no base64, and what is wrong with the body; 413.
    init(_ request: Request, rules: RuleBook) async throws {
        query = request.queryFields
        switch request.bodyType {
        case .multipart:
            let limit = rules.largestOneShot
            try request.checkLength(
                atMost: limit + limit / 2 + (1 << 20),
                else: HTTPProblem(ServiceError.oneShotTooLarge(limit: limit, category: .tweetVideo)))
            let body = try UploadBody(request, takesMediaData: true)
            _ = try await body.readToMedia()
            form = FormFields()
            media = .streamed(body)
        case .form:
            form = try await request.formBody()
            media = try Self.decoded(form["media_data"] ?? query["media_data"])
        case .json, .absent, .other:
            // Some clients type an empty body.
            guard try await request.smallBody().readableBytes == 0 else { throw HTTPProblem.wrongContentType }
            form = FormFields()
            media = try Self.decoded(query["media_data"])
        }
    }

    /// All fields that were read so far.
    var fields: FormFields {
        guard case .streamed(let body) = media else { return FormFields(query.fields + form.fields) }
        return FormFields(query.fields + body.fields.fields)
    }

    /// Whether fields may follow that were not read yet, behind media that is streamed.
    var isAtStreamedMedia: Bool {
        if case .streamed(let body) = media { body.isAtMedia } else { false }
    }

    /// Whether there is media, after reading on to it.
    func hasMedia() async throws -> Bool {
        switch media {
        case .none: false
        case .streamed(let body): try await body.readToMedia()
        case .bytes: true
        }
    }

    /// Writes the media and reads the rest of the body.
    ///
    /// - Throws: 400 when there is none; what the body or the writer throws.
    func receive(into writer: any BlobWriter) async throws {
        switch media {
        case .none: throw V11Error.missing("media")
        case .bytes(let bytes): try await writer.write(bytes)
        case .streamed(let body):
            guard try await body.readToMedia() else { throw V11Error.missing("media") }
            try await body.receive(into: writer)
        }
    }

    private static func decoded(_ text: String?) throws(V11Error) -> Media {
        guard let text else { return .none }
        var decoder = StreamingBase64Decoder(.mime)
        var bytes = ByteBuffer()
        do {
            // A plus that a client did not encode has become a space.
            var input = ByteBuffer()
            input.writeBytes(text.utf8.lazy.map { $0 == 0x20 ? 0x2B : $0 })
            try decoder.decode(input, into: &bytes)
            try decoder.finish(into: &bytes)
        } catch {
            throw .invalid("media_data")
        }
        return .bytes(bytes)
    }
}

extension RuleBook {
    /// The most bytes of a file in one request, whatever it is for.
    fileprivate var largestOneShot: Int64 { MediaCategory.allCases.map(oneShotMaxBytes(for:)).max() ?? 0 }
}
