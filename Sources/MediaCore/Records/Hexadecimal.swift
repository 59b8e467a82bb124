extension FixedWidthInteger where Self: UnsignedInteger {
    /// Two lower-case hexadecimal digits for each byte, leading zeros too.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}
