/// Four bytes that name a box, a chunk, a brand or a codec.
package struct FourCC: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The bytes, first one highest.
    package let rawValue: UInt32

    /// The code at an offset that has four bytes behind it.
    init(_ bytes: [UInt8], at offset: Int) { self.rawValue = bytes.bigEndian32(at: offset) }

    /// The code of four ASCII characters; a shorter literal is filled with spaces.
    package init(stringLiteral text: StaticString) {
        var value: UInt32 = 0
        var count = 0
        for scalar in text.description.unicodeScalars.prefix(4) {
            value = value << 8 | (scalar.value & 0xFF)
            count += 1
        }
        while count < 4 {
            value = value << 8 | 0x20
            count += 1
        }
        self.rawValue = value
    }

    /// Whether all four bytes are printable ASCII characters.
    var isPrintable: Bool { bytes.allSatisfy { (0x20...0x7E).contains($0) } }

    /// The four characters; what is not printable stands as `?`.
    package var description: String {
        String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }

    private var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> $0) } }
}

/// Reading integers of a known place; the caller has checked that the bytes are there.
extension [UInt8] {
    func bigEndian16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
    }

    func bigEndian64(at offset: Int) -> UInt64 {
        UInt64(bigEndian32(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 4))
    }

    func littleEndian16(at offset: Int) -> UInt16 { UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 }

    func littleEndian24(at offset: Int) -> UInt32 {
        UInt32(littleEndian16(at: offset)) | UInt32(self[offset + 2]) << 16
    }

    func littleEndian32(at offset: Int) -> UInt32 {
        UInt32(littleEndian16(at: offset)) | UInt32(littleEndian16(at: offset + 2)) << 16
    }
}
