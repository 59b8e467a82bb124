/// What a `Range` header asks for (RFC 9110 §14).
enum RequestedRange: Equatable {
    /// Everything: no range, another unit, several ranges, or text that is no range. A server may ignore all of these.
    case whole
    /// These bytes.
    case part(Range<Int64>)
    /// Bytes that the file does not have.
    case unsatisfiable

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - header: `bytes=0-99`, `bytes=100-` or `bytes=-100`.
    ///   - size: the bytes of the whole.
    init(_ header: String?, size: Int64) {
        self = .whole
        guard let header, header.lowercased().hasPrefix("bytes=") else { return }
        let parts = header.dropFirst("bytes=".count).trimming { $0 == " " }
            .split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        switch (Self.number(parts[0]), Self.number(parts[1])) {
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
        case (let first?, nil) where parts[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (nil, let count?) where parts[0].isEmpty:
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
        default:
            break
        }
    }

    /// Digits; a number too large for 64 bits is beyond every file all the same.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text) ?? Int64.max
    }
}
