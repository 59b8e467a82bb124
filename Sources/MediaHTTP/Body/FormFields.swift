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

    private static func decode(_ bytes: some Collection<UInt8>) -> String {
        // Most names and values are written as they are.
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                decoded.append(0x20)
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
                guard digits.count == 2 else { fallthrough }
                decoded.append(UInt8(digits[0] << 4 | digits[1]))
                rest = rest.dropFirst(2)
            default:
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
