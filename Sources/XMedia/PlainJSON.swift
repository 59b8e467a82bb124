extension JSONValue {
    /// Reads JSON in the form in which most of it is written, at a tenth of a decoder's cost.
    ///
    /// - Returns: what a decoder makes of the same text; nil for everything that is unusual, wrong or not: escapes by number,
    ///   fractions, exponents, integers of 19 digits, a name that comes twice in an object, deep nesting, a byte order mark.
    public init?(plain text: some Sequence<UInt8>) {
        let value = text.withContiguousStorageIfAvailable { bytes -> JSONValue? in
            var reader = PlainJSONReader(bytes: bytes)
            return reader.whole()
        }
        guard let value = value ?? nil else { return nil }
        self = value
    }
}

/// The reader behind ``JSONValue/init(plain:)``; nil from any of its methods ends the reading.
private struct PlainJSONReader {
    /// Arrays and objects within each other.
    private static let mostDepth = 16

    let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The one value of the text.
    mutating func whole() -> JSONValue? {
        guard let value = value(depth: 0) else { return nil }
        return next() == nil && position == bytes.count ? value : nil
    }

    /// The next byte that is no white space, not taken; nil at the end.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return nil
    }

    /// Takes a byte if it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth <= Self.mostDepth else { return nil }
        switch next() {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        default: return integer().map(JSONValue.integer)
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        position += 1
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            guard next() == UInt8(ascii: "\""), let name = string(), take(UInt8(ascii: ":")),
                let value = value(depth: depth + 1), members.updateValue(value, forKey: name) == nil
            else { return nil }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array(depth: Int) -> JSONValue? {
        position += 1
        var items: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(items) }
        repeat {
            guard let item = value(depth: depth + 1) else { return nil }
            items.append(item)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .array(items) : nil
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: letters) else { return false }
        position += letters.count
        return true
    }

    /// At most 18 digits, which always fit; what follows decides whether the number ends here.
    private mutating func integer() -> Int64? {
        let isNegative = position < bytes.count && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let first = position
        var number: Int64 = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            guard position - first < 18 else { return nil }
            number = number * 10 + Int64(bytes[position] - 0x30)
            position += 1
        }
        // No leading zero, and no negative zero, which is a fraction to some.
        guard position > first, bytes[first] != 0x30 || (position == first + 1 && !isNegative) else { return nil }
        return isNegative ? -number : number
    }

    private mutating func string() -> String? {
        position += 1
        let first = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return String(validating: bytes[first..<position], as: UTF8.self)
            case UInt8(ascii: "\\"): return escaped(from: first)
            case 0..<0x20: return nil
            default: position += 1
            }
        }
        return nil
    }

    /// A string in which a backslash was met.
    private mutating func escaped(from first: Int) -> String? {
        var text = Array(bytes[first..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard position < bytes.count else { return nil }
                switch bytes[position] {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[position])
                case UInt8(ascii: "b"): text.append(0x08)
                case UInt8(ascii: "f"): text.append(0x0C)
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "r"): text.append(0x0D)
                case UInt8(ascii: "t"): text.append(0x09)
                default: return nil
                }
                position += 1
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }
}
