/// Two lower-case hexadecimal digits for each byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// The bytes of a text of ``hexadecimal(_:)``; nil for every other text.
func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

extension SQLRow {
    /// The next column, a digest in hexadecimal, or NULL.
    mutating func optionalDigest() throws(SQLFailure) -> [UInt8]? {
        guard let text = try optionalText() else { return nil }
        guard let digest = bytes(hexadecimal: text) else { throw .corrupt("\(text) is no digest") }
        return digest
    }

    /// The next column, a digest in hexadecimal.
    mutating func digest() throws(SQLFailure) -> [UInt8] {
        guard let digest = try optionalDigest() else { throw .corrupt("a digest is NULL") }
        return digest
    }
}
