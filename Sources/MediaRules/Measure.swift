/// Numbers with their units, as the messages of broken rules write them.
enum Measure {
    /// `5 MiB`, or `5242881 bytes` when it is no whole number of KiB.
    static func bytes(_ count: Int64) -> String {
        for (unit, name) in [(Int64(1) << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        where count >= unit && count % unit == 0 { return "\(count / unit) \(name)" }
        return "\(count) bytes"
    }

    /// `20 min`, `140 s`, or `500 ms`.
    static func duration(_ milliseconds: Int64) -> String {
        if milliseconds >= 180_000, milliseconds % 60_000 == 0 { return "\(milliseconds / 60_000) min" }
        if milliseconds >= 1000, milliseconds % 1000 == 0 { return "\(milliseconds / 1000) s" }
        return "\(milliseconds) ms"
    }

    /// `1280×720`.
    static func size(_ width: Int, _ height: Int) -> String { "\(width)×\(height)" }

    /// The number in at most two decimals, `29.97` for example.
    static func decimal(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1_000_000_000_000 else { return "\(value)" }
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return String(whole) }
        let digits = String(rest.magnitude + 100).dropFirst()
        return "\(whole).\(digits.last == "0" ? digits.dropLast() : digits)"
    }
}
