/// Reads the inside of a JSON string (RFC 8259 §7) byte by byte, from after the opening quote.
struct JSONStringScanner {
    /// What a byte has completed.
    enum Step {
        /// Nothing yet, within an escape.
        case incomplete
        /// A byte of UTF-8 that stands for itself.
        case byte(UInt8)
        /// A character that was escaped.
        case escaped(Unicode.Scalar)
        /// The string, by its closing quote.
        case end
    }

    private enum State {
        /// Between characters.
        case plain
        /// In a character of several bytes: the range of its next byte, and how many follow after that one.
        case utf8(next: ClosedRange<UInt8>, then: Int)
        /// After `\`; after a high surrogate's escape, which it completes.
        case backslash(high: UInt32?)
        /// After `\u` and up to three digits.
        case digits(high: UInt32?, value: UInt32, count: Int)
        /// After a high surrogate's escape.
        case highSurrogate(UInt32)
    }

    private var state = State.plain

    /// Reads one byte.
    ///
    /// - Returns: What it completes.
    /// - Throws: `.expected`, with what should stand there instead.
    mutating func read(_ byte: UInt8) throws(JSONFault) -> Step {
        switch state {
        case .plain:
            return try readPlain(byte)
        case .utf8(let next, let then):
            guard next.contains(byte) else { throw .expected(.utf8) }
            state = then > 0 ? .utf8(next: 0x80...0xBF, then: then - 1) : .plain
            return .byte(byte)
        case .backslash(let high):
            return try readEscape(byte, after: high)
        case .digits(let high, let value, let count):
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .expected(.hexadecimalDigit)
            }
            let value = value << 4 | UInt32(digit)
            guard count == 3 else {
                state = .digits(high: high, value: value, count: count + 1)
                return .incomplete
            }
            return try readCodeUnit(value, after: high)
        case .highSurrogate(let high):
            guard byte == UInt8(ascii: "\\") else { throw .expected(.surrogatePair) }
            state = .backslash(high: high)
            return .incomplete
        }
    }

    private mutating func readPlain(_ byte: UInt8) throws(JSONFault) -> Step {
        switch byte {
        case UInt8(ascii: "\""): return .end
        case UInt8(ascii: "\\"):
            state = .backslash(high: nil)
            return .incomplete
        case 0..<0x20: throw .expected(.unescapedCharacter)
        case 0x20..<0x80: break
        // The Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
        case 0xC2...0xDF: state = .utf8(next: 0x80...0xBF, then: 0)
        case 0xE0: state = .utf8(next: 0xA0...0xBF, then: 1)
        case 0xED: state = .utf8(next: 0x80...0x9F, then: 1)
        case 0xE1...0xEF: state = .utf8(next: 0x80...0xBF, then: 1)
        case 0xF0: state = .utf8(next: 0x90...0xBF, then: 2)
        case 0xF1...0xF3: state = .utf8(next: 0x80...0xBF, then: 2)
        case 0xF4: state = .utf8(next: 0x80...0x8F, then: 2)
        default: throw .expected(.utf8)
        }
        return .byte(byte)
    }

    private mutating func readEscape(_ byte: UInt8, after high: UInt32?) throws(JSONFault) -> Step {
        if byte == UInt8(ascii: "u") {
            state = .digits(high: high, value: 0, count: 0)
            return .incomplete
        }
        guard high == nil else { throw .expected(.surrogatePair) }
        state = .plain
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return .escaped(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return .escaped("\u{8}")
        case UInt8(ascii: "f"): return .escaped("\u{C}")
        case UInt8(ascii: "n"): return .escaped("\n")
        case UInt8(ascii: "r"): return .escaped("\r")
        case UInt8(ascii: "t"): return .escaped("\t")
        default: throw .expected(.escape)
        }
    }

    private mutating func readCodeUnit(_ value: UInt32, after high: UInt32?) throws(JSONFault) -> Step {
        if high == nil, (0xD800...0xDBFF).contains(value) {
            state = .highSurrogate(value)
            return .incomplete
        }
        state = .plain
        var code = value
        if let high {
            guard (0xDC00...0xDFFF).contains(value) else { throw .expected(.surrogatePair) }
            code = 0x10000 + (high - 0xD800) << 10 + (value - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .expected(.surrogatePair) }
        return .escaped(scalar)
    }
}
