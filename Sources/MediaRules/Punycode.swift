/// How long a domain is in its ASCII form (RFC 3492); twitter-text takes no URL whose domain has none.
enum Punycode {
    /// The longest label (RFC 1035, section 2.3.4).
    private static let longestLabel = 63

    /// The length of a domain in ASCII form; nil when a label is empty or longer than 63 bytes.
    static func domainLength(_ domain: ArraySlice<Unicode.Scalar>) -> Int? {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        var length = labels.count - 1
        for label in labels {
            // 63 scalars or more that are not ASCII never fit; said first, since encoding takes quadratic time.
            guard !label.isEmpty, label.count <= longestLabel else { return nil }
            let encoded = label.allSatisfy(\.isASCII) ? label.count : 4 + encodedLength(label)
            guard encoded <= longestLabel else { return nil }
            length += encoded
        }
        return length
    }

    /// The digits that RFC 3492, section 6.3, writes for a label, without `xn--`.
    private static func encodedLength(_ label: ArraySlice<Unicode.Scalar>) -> Int {
        let values = label.map { Int($0.value) }
        let basic = values.count { $0 < 0x80 }
        var length = basic > 0 ? basic + 1 : 0
        var (code, delta, bias, handled) = (0x80, 0, 72, basic)
        while handled < values.count {
            let next = values.filter { $0 >= code }.min() ?? code
            delta += (next - code) * (handled + 1)
            code = next
            for value in values {
                if value < code { delta += 1 }
                guard value == code else { continue }
                length += digits(delta, bias: bias)
                bias = adapt(delta, points: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            code += 1
        }
        return length
    }

    /// The number of digits of a variable-length integer.
    private static func digits(_ value: Int, bias: Int) -> Int {
        var (rest, count, k) = (value, 1, 36)
        while true {
            let threshold = min(max(k - bias, 1), 26)
            if rest < threshold { return count }
            rest = (rest - threshold) / (36 - threshold)
            count += 1
            k += 36
        }
    }

    /// RFC 3492, section 6.1.
    private static func adapt(_ delta: Int, points: Int, isFirst: Bool) -> Int {
        var value = isFirst ? delta / 700 : delta / 2
        value += value / points
        var k = 0
        while value > 455 {
            value /= 35
            k += 36
        }
        return k + 36 * value / (value + 38)
    }
}
