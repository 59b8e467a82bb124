/// Finds the end of a JSON number (RFC 8259 §6) byte by byte; how large it is does not matter here.
struct JSONNumberScanner {
    private enum State {
        /// After `-`.
        case minus
        /// After a leading `0`, which no digit may follow.
        case zero
        /// In the digits before a point.
        case integer
        /// After the point.
        case point
        /// In the digits after the point.
        case fraction
        /// After `e`.
        case exponent
        /// After the exponent's sign.
        case exponentSign
        /// In the exponent's digits.
        case exponentDigits
    }

    private var state: State

    /// Starts after the first byte, `-` or a digit.
    init(firstByte: UInt8) {
        switch firstByte {
        case UInt8(ascii: "-"): state = .minus
        case UInt8(ascii: "0"): state = .zero
        default: state = .integer
        }
    }

    /// Reads one byte.
    ///
    /// - Returns: Whether the byte belongs to the number; if not, the number is complete.
    /// - Throws: `.expected(.digit)` where the number cannot end.
    mutating func read(_ byte: UInt8) throws(JSONFault) -> Bool {
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        switch (state, byte) {
        case (.minus, UInt8(ascii: "0")):
            state = .zero
        case (.minus, _) where isDigit, (.integer, _) where isDigit:
            state = .integer
        case (.point, _) where isDigit, (.fraction, _) where isDigit:
            state = .fraction
        case (.exponent, _) where isDigit, (.exponentSign, _) where isDigit, (.exponentDigits, _) where isDigit:
            state = .exponentDigits
        case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")):
            state = .point
        case (.zero, 0x65), (.zero, 0x45), (.integer, 0x65), (.integer, 0x45), (.fraction, 0x65), (.fraction, 0x45):
            state = .exponent
        case (.exponent, UInt8(ascii: "+")), (.exponent, UInt8(ascii: "-")):
            state = .exponentSign
        case (.zero, _), (.integer, _), (.fraction, _), (.exponentDigits, _):
            return false
        case (.minus, _), (.point, _), (.exponent, _), (.exponentSign, _):
            throw .expected(.digit)
        }
        return true
    }
}
