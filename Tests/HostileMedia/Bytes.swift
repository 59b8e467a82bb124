/// Integers as file formats write them.
extension [UInt8] {
    /// Two bytes, the highest first.
    package static func big16(_ value: Int) -> [UInt8] { big(value, 2) }
    /// Four bytes, the highest first.
    package static func big32(_ value: Int) -> [UInt8] { big(value, 4) }
    /// Eight bytes, the highest first.
    package static func big64(_ value: UInt64) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
    /// Two bytes, the lowest first.
    package static func little16(_ value: Int) -> [UInt8] { big(value, 2).reversed() }
    /// Three bytes, the lowest first.
    package static func little24(_ value: Int) -> [UInt8] { big(value, 3).reversed() }
    /// Four bytes, the lowest first.
    package static func little32(_ value: Int) -> [UInt8] { big(value, 4).reversed() }
    /// The text in ASCII.
    package static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    /// So many zeros.
    package static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    private static func big(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// Whether a text stands somewhere.
    package func contains(_ text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
}
