/// Why a `multipart/form-data` body, or the `Content-Type` that announces it, is refused.
///
/// `description` is one English sentence that names what was found; it is meant to reach the sender of the body.
/// Text from the body is shown escaped and cut to 80 characters.
package enum MultipartError: Error, Equatable, Sendable {
    /// The `Content-Type` names another media type than `multipart/form-data`.
    case notFormData(found: String)
    /// The `Content-Type` has no `boundary` parameter, or its parameters cannot be read.
    case missingBoundary(contentType: String)
    /// The boundary breaks RFC 2046 §5.1.1: 1 to 70 characters of a fixed set, the last one no space.
    case invalidBoundary(found: String)
    /// The body ended and no line of it was the boundary.
    case boundaryNotFound(boundary: String)
    /// A boundary is followed on its line by something else than `--`, spaces, tabs and CR LF.
    case malformedDelimiter(found: UInt8)
    /// A line of a part's header ends with LF alone; RFC 2046 §4.1.1 wants CR LF.
    case bareLineFeed(line: String)
    /// A line of a part's header is no `Name: value`, or its value cannot be read.
    case malformedHeader(line: String)
    /// A header that may stand once in a part stands there twice.
    case duplicateHeader(name: String)
    /// A part has no `Content-Disposition: form-data` (RFC 7578 §4.2).
    case missingContentDisposition
    /// A part's `Content-Disposition` has no `name`, or an empty one (RFC 7578 §4.2).
    case missingName(disposition: String)
    /// A part's `Content-Transfer-Encoding` is none of `7bit`, `8bit`, `binary` and `base64`.
    case unsupportedTransferEncoding(part: String, found: String)
    /// The body has more parts than `MultipartLimits.parts`.
    case tooManyParts(limit: Int)
    /// A part has more header lines than `MultipartLimits.headers`.
    case tooManyHeaders(limit: Int)
    /// A part's header has more bytes than `MultipartLimits.headerBytes`.
    case headersTooLarge(limit: Int)
    /// More bytes than `MultipartLimits.preambleBytes` stand before the first boundary.
    case preambleTooLarge(limit: Int)
    /// More bytes than `MultipartLimits.epilogueBytes` stand after the last boundary.
    case epilogueTooLarge(limit: Int)
    /// The body ended before its close delimiter.
    case truncated(part: String?)
}

extension MultipartError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFormData(let found):
            "The content type is \(quoted(found)), not multipart/form-data."
        case .missingBoundary(let contentType):
            "The content type \(quoted(contentType)) has no boundary parameter."
        case .invalidBoundary(let found):
            "The boundary \(quoted(found)) is not 1 to 70 characters of those RFC 2046 permits."
        case .boundaryNotFound(let boundary):
            "The body has no line with the boundary \(quoted("--" + boundary)) that its content type announces."
        case .malformedDelimiter(let found):
            "A boundary is followed by the byte \(hexadecimal(found)) instead of a line end or \"--\"."
        case .bareLineFeed(let line):
            "The part header line \(quoted(line)) ends with LF alone instead of CR LF."
        case .malformedHeader(let line):
            "The part header line \(quoted(line)) cannot be read."
        case .duplicateHeader(let name):
            "A part has the header \(quoted(name)) more than once."
        case .missingContentDisposition:
            "A part has no \"Content-Disposition: form-data\" header."
        case .missingName(let disposition):
            "A part has no name in its header \(quoted("Content-Disposition: " + disposition))."
        case .unsupportedTransferEncoding(let part, let found):
            "The part \(quoted(part)) has the Content-Transfer-Encoding \(quoted(found)); "
                + "7bit, 8bit, binary and base64 are accepted."
        case .tooManyParts(let limit):
            "The body has more than \(limit) parts."
        case .tooManyHeaders(let limit):
            "A part has more than \(limit) header lines."
        case .headersTooLarge(let limit):
            "The header of a part is larger than \(limit) bytes."
        case .preambleTooLarge(let limit):
            "More than \(limit) bytes stand before the first boundary."
        case .epilogueTooLarge(let limit):
            "More than \(limit) bytes stand after the last boundary."
        case .truncated(let part?):
            "The body ends inside the part \(quoted(part))."
        case .truncated(nil):
            "The body ends before its last boundary."
        }
    }
}

/// Puts text from a body into quotes, with control characters escaped and no more than 80 characters of it.
private func quoted(_ text: String) -> String {
    var shown = "\""
    for scalar in text.unicodeScalars.prefix(80) {
        shown += scalar.escaped(asASCII: false)
    }
    return shown + (text.unicodeScalars.count > 80 ? "…\"" : "\"")
}

private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 0x10 ? "0x0" : "0x") + String(byte, radix: 16, uppercase: true)
}
