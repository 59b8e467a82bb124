/// Percent encoding with RFC 3986's unreserved characters alone left as they are, as signatures need it: RFC 5849 §3.6 allows
/// exactly one form of each text.
package enum PercentEncoding {
    /// How a client writes a space of a parameter before it signs.
    package enum Space: Sendable {
        /// `%20`, as RFC 5849 §3.6 says.
        case percent20
        /// `+`, as Go's `url.QueryEscape` writes it; `xurl` signs so.
        case plus
    }

    /// The text's UTF-8, encoded: letters, digits and `-._~` stay, all else becomes `%XX` in upper case.
    package static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        append(text.utf8, to: &encoded)
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The bytes that a percent-encoded text stands for; `+` is a plus.
    ///
    /// - Returns: nil when a `%` is not followed by two hexadecimal digits.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    /// Appends bytes in their one encoded form.
    static func append(_ bytes: some Sequence<UInt8>, to encoded: inout [UInt8]) {
        for byte in bytes { append(byte, to: &encoded) }
    }

    /// Appends a name or value of `application/x-www-form-urlencoded` in its one encoded form, whatever form it has.
    ///
    /// `+` and `%20` are a space; a `%` without two hexadecimal digits stands for itself, as
    /// https://url.spec.whatwg.org/#urlencoded-parsing says, so that what is signed is what routes read.
    static func append(urlencoded text: some Collection<UInt8>, space: Space, to encoded: inout [UInt8]) {
        var index = text.startIndex
        while index != text.endIndex {
            var byte = text[index]
            text.formIndex(after: &index)
            if byte == UInt8(ascii: "+") {
                byte = 0x20
            } else if byte == UInt8(ascii: "%"), index != text.endIndex, let high = digit(text[index]) {
                let next = text.index(after: index)
                if next != text.endIndex, let low = digit(text[next]) {
                    byte = high << 4 | low
                    index = text.index(after: next)
                }
            }
            if byte == 0x20, space == .plus {
                encoded.append(UInt8(ascii: "+"))
            } else {
                append(byte, to: &encoded)
            }
        }
    }

    private static func append(_ byte: UInt8, to encoded: inout [UInt8]) {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
            encoded.append(byte)
        default:
            encoded.append(UInt8(ascii: "%"))
            encoded.append(hexadecimal(byte >> 4))
            encoded.append(hexadecimal(byte & 0xF))
        }
    }

    private static func hexadecimal(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
