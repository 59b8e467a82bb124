/// Writes byte strings by hand.
struct Bytes {
    private(set) var array: [UInt8] = []

    init(_ array: [UInt8] = []) { self.array = array }

    static func + (left: Bytes, right: Bytes) -> Bytes { Bytes(left.array + right.array) }

    static func text(_ text: String) -> Bytes { Bytes(Array(text.utf8)) }
    static func raw(_ bytes: UInt8...) -> Bytes { Bytes(bytes) }
    static func zeros(_ count: Int) -> Bytes { Bytes([UInt8](repeating: 0, count: count)) }
    static func big16(_ value: Int) -> Bytes { Bytes([UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]) }
    static func big32(_ value: Int) -> Bytes { big16(value >> 16 & 0xFFFF) + big16(value & 0xFFFF) }
    static func big64(_ value: Int) -> Bytes { big32(value >> 32 & 0xFFFF_FFFF) + big32(value & 0xFFFF_FFFF) }
    static func little16(_ value: Int) -> Bytes { Bytes(big16(value).array.reversed()) }
    static func little24(_ value: Int) -> Bytes { little16(value & 0xFFFF) + raw(UInt8(value >> 16 & 0xFF)) }
    static func little32(_ value: Int) -> Bytes { Bytes(big32(value & 0xFFFF_FFFF).array.reversed()) }

    static func join(_ parts: [Bytes]) -> Bytes { Bytes(parts.flatMap(\.array)) }

    /// An MP4 box.
    static func box(_ type: String, _ content: Bytes...) -> Bytes {
        let inside = join(content)
        return big32(inside.array.count + 8) + text(type) + inside
    }
}
