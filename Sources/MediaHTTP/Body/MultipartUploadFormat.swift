import JSONBody
import MultipartForm
import NIOCore
import XMedia

/// An upload as `multipart/form-data`: the part `media`, with or without a file name, raw or in base64, among fields.
struct MultipartUploadFormat: UploadFormat {
    /// The most bytes of all fields together.
    private static let fieldLimit = 64 << 10

    private var parser: MultipartParser
    private(set) var fields = FormFields()
    /// The part that is being read.
    private var part: PartHeaders?
    private var decoder: StreamingBase64Decoder?
    /// The value of the current field.
    private var value = ByteBuffer()
    private var fieldBytes = 0
    private var hasMedia = false
    /// Whether the media may also come as v1.1's `media_data`, which is base64.
    private let takesMediaData: Bool

    /// Makes the format of a body.
    ///
    /// - Parameters:
    ///   - contentType: the header, with the boundary.
    ///   - takesMediaData: whether the media may also be the part `media_data`, in base64.
    /// - Throws: 400 for a content type without a usable boundary.
    init(contentType: String, takesMediaData: Bool = false) throws(HTTPProblem) {
        self.takesMediaData = takesMediaData
        do {
            parser = MultipartParser(boundary: try MultipartBoundary(contentType: contentType))
        } catch {
            throw .invalidRequest("\(error)")
        }
    }

    mutating func append(_ bytes: ByteBuffer) { parser.append(bytes) }

    mutating func next() throws(HTTPProblem) -> UploadEvent? {
        while let event = try read() {
            switch event {
            case .partBegin(let headers):
                if try begin(headers) { return .mediaBegin }
            case .body(let bytes):
                if let media = try take(bytes) { return .media(media) }
            case .partEnd:
                if let media = try end() { return .media(media) }
            case .end:
                break
            }
        }
        return nil
    }

    func finish() throws(HTTPProblem) {
        do {
            try parser.finish()
        } catch {
            throw .invalidRequest("\(error)")
        }
    }

    func members(typedBy schema: Schema) -> JSONValue { schema.typed(fields.fields) }

    private mutating func read() throws(HTTPProblem) -> MultipartEvent? {
        do {
            return try parser.next()
        } catch {
            throw .invalidRequest("\(error)")
        }
    }

    private var isInMedia: Bool { part?.name == "media" || isInMediaData }
    private var isInMediaData: Bool { takesMediaData && part?.name == "media_data" }

    /// - Returns: whether the part is the media.
    private mutating func begin(_ headers: PartHeaders) throws(HTTPProblem) -> Bool {
        part = headers
        decoder = headers.contentTransferEncoding == .base64 || isInMediaData ? StreamingBase64Decoder(.mime) : nil
        value = ByteBuffer()
        guard isInMedia else { return false }
        if hasMedia {
            throw .invalidRequest("The `media` field stands more than once in the form", parameters: ["media": []])
        }
        hasMedia = true
        return true
    }

    /// - Returns: bytes of the media; nil when they belong to a field, or when base64 gave none yet.
    private mutating func take(_ bytes: ByteBuffer) throws(HTTPProblem) -> ByteBuffer? {
        var content = bytes
        if decoder != nil {
            content = ByteBuffer()
            do {
                try decoder?.decode(bytes, into: &content)
            } catch {
                throw badBase64(error)
            }
        }
        return try hand(on: content)
    }

    private mutating func end() throws(HTTPProblem) -> ByteBuffer? {
        var media: ByteBuffer?
        if decoder != nil {
            var last = ByteBuffer()
            do {
                try decoder?.finish(into: &last)
            } catch {
                throw badBase64(error)
            }
            media = try hand(on: last)
        }
        if let name = part?.name, !isInMedia {
            fields.fields.append((name, String(buffer: value)))
        }
        part = nil
        return media
    }

    private mutating func hand(on content: ByteBuffer) throws(HTTPProblem) -> ByteBuffer? {
        if isInMedia { return content.readableBytes > 0 ? content : nil }
        fieldBytes += content.readableBytes
        guard fieldBytes <= Self.fieldLimit else {
            throw .contentTooLarge("The fields of the form besides the media are larger than \(Self.fieldLimit) bytes.")
        }
        value.writeImmutableBuffer(content)
        return nil
    }

    private func badBase64(_ error: Base64Error) -> HTTPProblem {
        .invalidRequest("\(error)", parameters: [part?.name ?? "media": []])
    }
}
