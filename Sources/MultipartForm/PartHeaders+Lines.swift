extension PartHeaders {
    /// Collects the header lines of one part and reads them.
    struct Lines {
        private var disposition: ArraySlice<UInt8>?
        private var contentType: ArraySlice<UInt8>?
        private var transferEncoding: ArraySlice<UInt8>?
        /// How many lines were added.
        private(set) var count = 0

        /// Adds a line.
        ///
        /// - Parameter line: The line without its CR LF.
        /// - Throws: `.malformedHeader` (also for RFC 822's folded lines, which no form needs) or `.duplicateHeader`.
        mutating func add(_ line: [UInt8]) throws(MultipartError) {
            count += 1
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
                !line[..<colon].contains(where: { $0 <= 0x20 || $0 >= 0x7F }),
                !line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F })
            else {
                throw .malformedHeader(line: String(decoding: line, as: UTF8.self))
            }
            var value = line[(colon + 1)...].drop(while: isBlank)
            while let last = value.last, isBlank(last) { value.removeLast() }
            switch lowercased(line[..<colon]) {
            case "content-disposition": try set(&disposition, to: value, name: "Content-Disposition")
            case "content-type": try set(&contentType, to: value, name: "Content-Type")
            case "content-transfer-encoding":
                try set(&transferEncoding, to: value, name: "Content-Transfer-Encoding")
            default: break
            }
        }

        private func set(
            _ field: inout ArraySlice<UInt8>?, to value: ArraySlice<UInt8>, name: String
        ) throws(MultipartError) {
            guard field == nil else { throw .duplicateHeader(name: name) }
            field = value
        }

        /// Reads the lines as a whole.
        ///
        /// - Returns: What they say.
        /// - Throws: `.missingContentDisposition`, `.malformedHeader`, `.missingName` or `.unsupportedTransferEncoding`.
        func headers() throws(MultipartError) -> PartHeaders {
            guard let disposition else { throw .missingContentDisposition }
            let text = String(decoding: disposition, as: UTF8.self)
            var scanner = HeaderValueScanner(disposition)
            guard lowercased(scanner.readToken()) == "form-data" else { throw .missingContentDisposition }
            guard let parameters = scanner.readParameters() else {
                throw .malformedHeader(line: "Content-Disposition: " + text)
            }
            guard let name = parameters["name"], !name.isEmpty else { throw .missingName(disposition: text) }
            // RFC 7578 §4.2 forbids `filename*`, but clients send it; RFC 6266 §4.3 says that it then comes first.
            let filename =
                parameters["filename*"].flatMap(decodeExtendedValue)
                ?? parameters["filename"].map(formDecoded)
            var headers = PartHeaders(name: formDecoded(name), filename: filename)
            headers.contentType = contentType.map { String(decoding: $0, as: UTF8.self) }
            if let transferEncoding {
                guard let encoding = ContentTransferEncoding(rawValue: lowercased(transferEncoding)) else {
                    let found = String(decoding: transferEncoding, as: UTF8.self)
                    throw .unsupportedTransferEncoding(part: headers.name, found: found)
                }
                headers.contentTransferEncoding = encoding
            }
            return headers
        }
    }
}

/// Decodes `%22`, `%0D` and `%0A`, the only bytes that browsers encode in names and file names, and nothing else.
///
/// Source: WHATWG HTML, "multipart/form-data encoding algorithm": a percent sign itself is not encoded.
private func formDecoded(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: percentDecoded(bytes) { $0 == 0x22 || $0 == 0x0D || $0 == 0x0A }, as: UTF8.self)
}

/// Decodes RFC 5987 §3.2 `charset'language'value` for the two character sets that the RFC names.
///
/// - Returns: The text, or `nil` for another character set or another form.
private func decodeExtendedValue(_ bytes: ArraySlice<UInt8>) -> String? {
    let pieces = bytes.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
    guard pieces.count == 3 else { return nil }
    let decoded = percentDecoded(pieces[2]) { _ in true }
    switch lowercased(pieces[0]) {
    case "utf-8": return String(decoding: decoded, as: UTF8.self)
    case "iso-8859-1": return String(String.UnicodeScalarView(decoded.map { Unicode.Scalar($0) }))
    default: return nil
    }
}

/// Replaces `%XX` by its byte where `isWanted` says so; everything else stays as it is.
private func percentDecoded(_ bytes: ArraySlice<UInt8>, where isWanted: (UInt8) -> Bool) -> [UInt8] {
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2, let value = hexadecimalValue(rest.prefix(2)), isWanted(value) {
            decoded.append(value)
            rest.removeFirst(2)
        } else {
            decoded.append(byte)
        }
    }
    return decoded
}

/// Reads hexadecimal digits; a sign, which `UInt8.init(_:radix:)` would take, is none.
private func hexadecimalValue(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard !digits.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else { return nil }
    return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
}
