package import NIOCore

/// Composes the framing of a `multipart/form-data` body (RFC 7578) whose files are streamed by somebody else.
///
/// Compose everything first, in the order of the body: each call gives the bytes that come next and counts them.
///
/// ```swift
/// var form = MultipartWriter()
/// var head = form.field(name: "segment_index", value: "0")
/// head.writeImmutableBuffer(form.file(name: "media", filename: "a.mp4", length: 4_194_304))
/// let tail = form.close()
/// // Send form.contentType and form.contentLength, then head, 4,194,304 bytes of the file, tail.
/// ```
package struct MultipartWriter: Sendable {
    /// The boundary between the parts.
    package let boundary: MultipartBoundary
    /// The bytes of everything composed so far, the promised files included: after `close()` the `Content-Length`.
    package private(set) var contentLength: Int64 = 0

    /// Starts a body.
    ///
    /// - Parameter boundary: A string that occurs in no part's content.
    package init(boundary: MultipartBoundary = .random()) {
        self.boundary = boundary
    }

    /// The value of the body's `Content-Type` header.
    package var contentType: String {
        // All of RFC 2046's characters but letters, digits and a few signs make quotes necessary (RFC 2045 §5.1).
        let isToken = boundary.value.utf8.allSatisfy { !"(),/:=? ".utf8.contains($0) }
        return "multipart/form-data; boundary=" + (isToken ? boundary.value : "\"\(boundary.value)\"")
    }

    /// Composes a part with a text.
    ///
    /// - Parameters:
    ///   - name: The field's name.
    ///   - value: The field's value.
    /// - Returns: The whole part.
    package mutating func field(name: String, value: String) -> ByteBuffer {
        count(delimiter() + "Content-Disposition: form-data; name=\"\(escaped(name))\"\r\n\r\n" + value)
    }

    /// Composes what stands before a file's content.
    ///
    /// - Parameters:
    ///   - name: The field's name.
    ///   - filename: The file's name as the receiver shall see it.
    ///   - contentType: The media type of the content; line breaks are taken out.
    ///   - contentTransferEncoding: How the content that follows is encoded.
    ///   - length: How many bytes of content follow, 0 or more.
    /// - Returns: The part up to its content; exactly `length` bytes are to be sent after it.
    package mutating func file(
        name: String, filename: String? = nil, contentType: String = "application/octet-stream",
        contentTransferEncoding: ContentTransferEncoding = .binary, length: Int64
    ) -> ByteBuffer {
        var text = delimiter() + "Content-Disposition: form-data; name=\"\(escaped(name))\""
        if let filename { text += "; filename=\"\(escaped(filename))\"" }
        text += "\r\nContent-Type: " + contentType.filter { !$0.isNewline } + "\r\n"
        if contentTransferEncoding != .binary {
            text += "Content-Transfer-Encoding: \(contentTransferEncoding.rawValue)\r\n"
        }
        let prefix = count(text + "\r\n")
        contentLength += length
        return prefix
    }

    /// Composes the close delimiter.
    ///
    /// - Returns: The last bytes of the body.
    package mutating func close() -> ByteBuffer {
        count((contentLength == 0 ? "--" : "\r\n--") + boundary.value + "--\r\n")
    }

    /// Gives the delimiter before a part; the first one stands at the body's very beginning.
    private func delimiter() -> String {
        (contentLength == 0 ? "--" : "\r\n--") + boundary.value + "\r\n"
    }

    private mutating func count(_ text: String) -> ByteBuffer {
        contentLength += Int64(text.utf8.count)
        return ByteBuffer(string: text)
    }
}

/// Encodes the three bytes that end a quoted string or a line, as browsers do.
///
/// Source: WHATWG HTML, "multipart/form-data encoding algorithm". It leaves backslashes as they are, so that one at the end
/// reads as if it escaped the closing quote, and two in a row as one. Those are doubled (RFC 9110, 5.6.4).
private func escaped(_ name: String) -> String {
    var escaped = String.UnicodeScalarView()
    var backslashes = 0
    func writeBackslashes(isEnd: Bool = false) {
        let count = backslashes > 1 || isEnd ? 2 * backslashes : backslashes
        escaped.append(contentsOf: repeatElement("\\", count: count))
        backslashes = 0
    }
    for scalar in name.unicodeScalars {
        if scalar == "\\" {
            backslashes += 1
            continue
        }
        writeBackslashes()
        switch scalar {
        case "\"": escaped.append(contentsOf: "%22".unicodeScalars)
        case "\r": escaped.append(contentsOf: "%0D".unicodeScalars)
        case "\n": escaped.append(contentsOf: "%0A".unicodeScalars)
        default: escaped.append(scalar)
        }
    }
    writeBackslashes(isEnd: true)
    return String(escaped)
}
