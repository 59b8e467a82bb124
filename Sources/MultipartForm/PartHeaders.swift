/// What the header of one part says (RFC 7578 §4).
///
/// Text is UTF-8; bytes that are not are replaced by U+FFFD. Headers that do not stand here are ignored, as
/// RFC 7578 §4.8 wants it.
package struct PartHeaders: Equatable, Sendable {
    /// The name of the form's field, never empty.
    package var name: String
    /// The name of the file as the sender knows it, with no path taken off; not fit to name a file with.
    package var filename: String?
    /// The `Content-Type` as it was sent.
    package var contentType: String?
    /// How the content is encoded; `.binary` when the part does not say.
    package var contentTransferEncoding: ContentTransferEncoding

    /// Makes the headers of a part.
    ///
    /// - Parameters:
    ///   - name: The name of the form's field.
    ///   - filename: The name of the file.
    ///   - contentType: The media type of the content.
    ///   - contentTransferEncoding: How the content is encoded.
    package init(
        name: String, filename: String? = nil, contentType: String? = nil,
        contentTransferEncoding: ContentTransferEncoding = .binary
    ) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.contentTransferEncoding = contentTransferEncoding
    }
}

/// The encodings of RFC 2045 §6 that a part may have; all but `base64` leave the bytes as they are.
package enum ContentTransferEncoding: String, Sendable {
    /// Lines of ASCII.
    case sevenBit = "7bit"
    /// Lines of any bytes.
    case eightBit = "8bit"
    /// Any bytes.
    case binary
    /// RFC 2045 §6.8: base64 in lines.
    case base64
}
