extension JSONValue {
    /// Why bytes are no JSON that is taken.
    public struct SyntaxError: Error, Equatable {
        /// Where it was found, in bytes from the start.
        public let offset: Int
    }

    /// How deep arrays and objects may be nested.
    public static let mostDepth = 64

    /// Reads JSON text (RFC 8259), in one pass and in time that grows with its length only.
    ///
    /// `JSONDecoder` finds the kind of each value by trying one after the other, which took half a second for a
    /// megabyte of brackets. The values are the same: of members with one name the last counts, a number that is whole is an
    /// integer where it fits into 64 bits. Commas before a closing bracket, which the decoder lets pass, are refused.
    ///
    /// - Throws: ``SyntaxError`` for anything else, also for nesting deeper than ``mostDepth``, numbers beyond `Double`,
    ///   damaged UTF-8 and halves of surrogate pairs.
    public init(parsing bytes: some Collection<UInt8>) throws(SyntaxError) {
        let text = Array(bytes)
        var parser = JSONParser(text[...])
        self = try parser.document()
    }
}

private struct JSONParser {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    mutating func document() throws(JSONValue.SyntaxError) -> JSONValue {
        // A byte order mark may stand before it (RFC 8259, 8.1).
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        let value = try value(depth: 0)
        skipSpace()
        guard rest.isEmpty else { throw fault }
        return value
    }

    private var fault: JSONValue.SyntaxError { JSONValue.SyntaxError(offset: rest.startIndex) }

    private mutating func skipSpace() {
        while let byte = rest.first, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { rest.removeFirst() }
    }

    /// Skips white space and takes the byte if it is this one.
    private mutating func takes(_ byte: UInt8) -> Bool {
        skipSpace()
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func value(depth: Int) throws(JSONValue.SyntaxError) -> JSONValue {
        skipSpace()
        switch rest.first {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONValue.SyntaxError) -> JSONValue {
        let isThere = word.withUTF8Buffer { rest.starts(with: $0) }
        guard isThere else { throw fault }
        rest = rest.dropFirst(word.utf8CodeUnitCount)
        return value
    }

    private mutating func array(depth: Int) throws(JSONValue.SyntaxError) -> JSONValue {
        guard depth <= JSONValue.mostDepth else { throw fault }
        rest.removeFirst()
        var values: [JSONValue] = []
        if takes(UInt8(ascii: "]")) { return .array(values) }
        repeat { values.append(try value(depth: depth)) } while takes(UInt8(ascii: ","))
        guard takes(UInt8(ascii: "]")) else { throw fault }
        return .array(values)
    }

    private mutating func object(depth: Int) throws(JSONValue.SyntaxError) -> JSONValue {
        guard depth <= JSONValue.mostDepth else { throw fault }
        rest.removeFirst()
        var members: [String: JSONValue] = [:]
        if takes(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard rest.first == UInt8(ascii: "\"") else { throw fault }
            let name = try string()
            guard takes(UInt8(ascii: ":")) else { throw fault }
            members[name] = try value(depth: depth)
        } while takes(UInt8(ascii: ","))
        guard takes(UInt8(ascii: "}")) else { throw fault }
        return .object(members)
    }

    // MARK: Strings

    private mutating func string() throws(JSONValue.SyntaxError) -> String {
        rest.removeFirst()
        // Most have no escape: they are taken as they stand.
        guard let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") || $0 < 0x20 })
        else {
            rest = rest[rest.endIndex...]
            throw fault
        }
        if rest[end] == UInt8(ascii: "\"") {
            guard let text = String(validating: rest[..<end], as: UTF8.self) else { throw fault }
            rest = rest[(end + 1)...]
            return text
        }
        var units: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else { throw fault }
                return text
            case UInt8(ascii: "\\"): try escape(into: &units)
            case ..<0x20: throw fault
            default: units.append(byte)
            }
        }
        throw fault
    }

    private mutating func escape(into units: inout [UInt8]) throws(JSONValue.SyntaxError) {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): units.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): units.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): units.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "u"): units.append(contentsOf: String(try scalar()).utf8)
        default: throw fault
        }
    }

    /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
    private mutating func scalar() throws(JSONValue.SyntaxError) -> Character {
        var code = UInt32(try unit())
        if (0xD800...0xDBFF).contains(code) {
            guard rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { throw fault }
            rest = rest.dropFirst(2)
            let low = UInt32(try unit())
            guard (0xDC00...0xDFFF).contains(low) else { throw fault }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault }
        return Character(scalar)
    }

    private mutating func unit() throws(JSONValue.SyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = rest.popFirst(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    // MARK: Numbers

    private mutating func number() throws(JSONValue.SyntaxError) -> JSONValue {
        let before = rest
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let isZero = rest.first == UInt8(ascii: "0")
        let digits = skipDigits()
        guard digits > 0, !isZero || digits == 1 else { throw fault }
        var isWhole = true
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            isWhole = false
            guard skipDigits() > 0 else { throw fault }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            isWhole = false
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            guard skipDigits() > 0 else { throw fault }
        }
        // No honest number has more digits, and what a conversion of thousands costs is not ours to find out.
        let text = before[..<rest.startIndex]
        guard text.count <= 1024 else { throw fault }
        let token = String(decoding: text, as: UTF8.self)
        if isWhole, let integer = Int64(token) { return .integer(integer) }
        guard let number = Double(token), number.isFinite else { throw fault }
        // Above 2⁵³ a `Double` is no longer the number that was written.
        guard !isWhole, abs(number) < 9_007_199_254_740_992 else { return .number(number) }
        return Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }

    private mutating func skipDigits() -> Int {
        let start = rest.startIndex
        while let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { rest.removeFirst() }
        return rest.startIndex - start
    }
}
