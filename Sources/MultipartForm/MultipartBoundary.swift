/// The string that separates the parts of a multipart body (RFC 2046 §5.1.1).
package struct MultipartBoundary: Hashable, Sendable {
    /// The boundary without the leading `--` that it has in the body.
    package let value: String

    /// Takes a boundary as it is.
    ///
    /// - Parameter value: 1 to 70 characters of RFC 2046's `bchars`, the last one no space.
    /// - Throws: `MultipartError.invalidBoundary`.
    package init(_ value: String) throws(MultipartError) {
        guard (1...70).contains(value.utf8.count), value.utf8.allSatisfy(Self.permits), value.utf8.last != 0x20 else {
            throw .invalidBoundary(found: value)
        }
        self.value = value
    }

    /// Reads the boundary out of a `Content-Type` header's value.
    ///
    /// - Parameter contentType: The value, as in `multipart/form-data; boundary="a b"`. Media type and parameter names
    ///   are compared without case. A boundary without quotes may contain what RFC 2045 wants quoted, as clients send it.
    /// - Throws: `MultipartError.notFormData`, `.missingBoundary` or `.invalidBoundary`.
    package init(contentType: String) throws(MultipartError) {
        var scanner = HeaderValueScanner(contentType.utf8)
        let mediaType = scanner.readToken()
        guard lowercased(mediaType) == "multipart/form-data" else {
            throw .notFormData(found: String(decoding: mediaType, as: UTF8.self))
        }
        guard let parameters = scanner.readParameters(), let boundary = parameters["boundary"] else {
            throw .missingBoundary(contentType: contentType)
        }
        try self.init(String(decoding: boundary, as: UTF8.self))
    }

    private init(unchecked value: String) {
        self.value = value
    }

    /// Makes a boundary of 32 random letters and digits: 190 bits, so content contains it by no accident.
    ///
    /// - Parameter generator: Where the randomness comes from.
    /// - Returns: A new boundary, which needs no quotes in a `Content-Type`.
    package static func random(using generator: inout some RandomNumberGenerator) -> MultipartBoundary {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        let characters = (0..<32).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return MultipartBoundary(unchecked: String(decoding: characters, as: UTF8.self))
    }

    /// Makes a boundary of 32 random letters and digits from the system's randomness.
    ///
    /// - Returns: A new boundary, which needs no quotes in a `Content-Type`.
    package static func random() -> MultipartBoundary {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// Says whether a byte is one of `bchars` in RFC 2046 §5.1.1.
    private static func permits(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default:
            "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}
