/// The fields of a query, or of a body in `application/x-www-form-urlencoded`, in their order.
///
/// Parsed as https://url.spec.whatwg.org/#urlencoded-parsing says: `+` is a space, `%` without two hexadecimal digits
/// stands for itself, bytes that are no UTF-8 become U+FFFD.
struct FormFields: Sendable {
    /// Names and values, decoded.
    var fields: [(name: String, value: String)] = []

    /// Makes a list of fields.
    init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    /// Reads the encoded form.
    init(urlencoded text: String) {
        fields = Array(text.utf8).split(separator: UInt8(ascii: "&")).map { pair in
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            return (Self.decode(name), Self.decode(pair.dropFirst(name.count + 1)))
        }
    }

    /// The value of the first field of this name; nil when there is none.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The fields without those of a name.
    func without(_ name: String) -> FormFields { FormFields(fields.filter { $0.name != name }) }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        // Most names and values are written as they are.
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        // By index: a form may carry a file.
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "+") {
                decoded.append(0x20)
            } else if byte == UInt8(ascii: "%"), index + 1 < bytes.endIndex, let high = digit(bytes[index]),
                let low = digit(bytes[index + 1])
            {
                decoded.append(high << 4 | low)
                index += 2
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The value of a hexadecimal digit; nil for other bytes.
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte & 0xDF) - 0x37
        default: nil
        }
    }
}
