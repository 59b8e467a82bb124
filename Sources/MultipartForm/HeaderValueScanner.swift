/// Reads header values of the form `value; name=value; name="value"` (RFC 2045 §5.1, RFC 2183 §2).
struct HeaderValueScanner {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
        skipBlanks()
    }

    /// Reads up to the next `;` or the end.
    ///
    /// - Returns: The bytes, without blanks around them.
    mutating func readToken() -> ArraySlice<UInt8> {
        readBlankFree(upTo: UInt8(ascii: ";"))
    }

    /// Reads all parameters that follow.
    ///
    /// - Returns: The values by lower case name, or `nil` when they break the syntax or a name stands twice.
    mutating func readParameters() -> [String: ArraySlice<UInt8>]? {
        var parameters: [String: ArraySlice<UInt8>] = [:]
        while skip(UInt8(ascii: ";")) {
            // "a; b=c;" with nothing after the last semicolon is sent by real clients and says nothing.
            if rest.isEmpty { break }
            let name = readBlankFree(upTo: UInt8(ascii: "="))
            guard !name.isEmpty, !name.contains(UInt8(ascii: ";")), skip(UInt8(ascii: "=")) else { return nil }
            guard let value = rest.first == UInt8(ascii: "\"") ? readQuotedString() : readToken() else { return nil }
            guard parameters.updateValue(value, forKey: lowercased(name)) == nil else { return nil }
        }
        return rest.isEmpty ? parameters : nil
    }

    /// Reads a quoted string.
    ///
    /// Only `\"` and `\\` are escapes: browsers do not escape the backslashes of a file name (WHATWG HTML,
    /// "multipart/form-data encoding algorithm"), so that any other backslash means itself.
    private mutating func readQuotedString() -> ArraySlice<UInt8>? {
        var value: ArraySlice<UInt8> = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                skipBlanks()
                return value
            case UInt8(ascii: "\\"):
                if let next = rest.first, next == UInt8(ascii: "\"") || next == byte {
                    value.append(rest.removeFirst())
                } else {
                    value.append(byte)
                }
            default:
                value.append(byte)
            }
        }
        return nil
    }

    private mutating func readBlankFree(upTo stop: UInt8) -> ArraySlice<UInt8> {
        var read = rest.prefix { $0 != stop }
        rest = rest[read.endIndex...]
        while let last = read.last, isBlank(last) { read.removeLast() }
        return read
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        skipBlanks()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop(while: isBlank)
    }
}

/// Says whether a byte is a space or a tab.
func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09
}

/// Gives bytes as text with `A` to `Z` in lower case, for names that are compared without case.
func lowercased(_ bytes: some Sequence<UInt8>) -> String {
    String(
        decoding: bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
