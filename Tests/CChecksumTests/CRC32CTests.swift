import CChecksum
import RandomSupport
import Testing

@Suite("CRC-32C")
struct CRC32CTests {
    /// RFC 3720 B.4 prints the four bytes of each CRC in the order in which they are sent, the lowest first.
    static let vectors: [(bytes: [UInt8], crc: UInt32)] = [
        (Array(repeating: 0x00, count: 32), 0x8A91_36AA),
        (Array(repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0x00...0x1F), 0x46DD_794E),
        (Array((0x00...0x1F).reversed()), 0x113F_DB5C),
        (
            [
                0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
                0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
            ], 0xD996_3A56
        ),
        (Array("123456789".utf8), 0xE306_9283),
        ([], 0),
    ]

    @Test("the examples of RFC 3720 appendix B.4, and the check value", arguments: vectors)
    func examples(bytes: [UInt8], crc: UInt32) {
        #expect(roost_crc32c(0, bytes, bytes.count) == crc)
        #expect(roost_crc32c_portable(0, bytes, bytes.count) == crc)
    }

    @Test("the instruction and the table agree at every length and alignment up to 1 KiB")
    func everyLength() {
        let bytes = randomBytes(1100)
        for length in 0...1024 {
            let offset = length % 17
            bytes.withUnsafeBytes { bytes in
                let start = bytes.baseAddress! + offset
                #expect(roost_crc32c(0, start, length) == roost_crc32c_portable(0, start, length), "\(length)")
            }
        }
    }

    /// The three-way kernel works on runs of 3 × 256 and 3 × 8192 bytes.
    @Test(
        "the instruction and the table agree around the borders of the three-way runs",
        arguments: [768, 1536, 24_576, 24_576 + 768, 49_152, 100_000], [0, 1, 3, 7, 8, 61])
    func borders(length: Int, offset: Int) {
        let bytes = randomBytes(length + offset + 9)
        bytes.withUnsafeBytes { bytes in
            let start = bytes.baseAddress! + offset
            for length in length - 9...length + 9 {
                let seed = UInt32(truncatingIfNeeded: length &* 0x9E37_79B9)
                #expect(roost_crc32c(seed, start, length) == roost_crc32c_portable(seed, start, length))
            }
        }
    }

    @Test("bytes may come in pieces")
    func pieces() {
        let bytes = randomBytes(100_000)
        let whole = roost_crc32c(0, bytes, bytes.count)
        for cut in [0, 1, 767, 50_000, 99_999, 100_000] {
            let first = roost_crc32c(0, bytes, cut)
            let both = bytes[cut...].withUnsafeBytes { roost_crc32c(first, $0.baseAddress, $0.count) }
            #expect(both == whole)
        }
    }

    @Test(
        "the checksum of two strings follows from the checksum of each", arguments: [0, 1, 31, 4096, 99_999, 100_000])
    func combined(cut: Int) {
        let bytes = randomBytes(100_000)
        let first = roost_crc32c(0, bytes, cut)
        let second = bytes[cut...].withUnsafeBytes { roost_crc32c(0, $0.baseAddress, $0.count) }
        #expect(roost_crc32c_combine(first, second, UInt64(bytes.count - cut)) == roost_crc32c(0, bytes, bytes.count))
    }

    @Test("combining is associative, also beyond 4 GiB")
    func associative() {
        let lengths: [UInt64] = [1 << 33, 5_000_000_001, 77]
        let (a, b, c) = (UInt32(0x1234_5678), UInt32(0x9ABC_DEF0), UInt32(0x0F1E_2D3C))
        let left = roost_crc32c_combine(roost_crc32c_combine(a, b, lengths[0]), c, lengths[1])
        let right = roost_crc32c_combine(a, roost_crc32c_combine(b, c, lengths[1]), lengths[0] + lengths[1])
        #expect(left == right)
    }

    @Test("every single flipped bit of a block is found")
    func flippedBits() {
        var bytes = randomBytes(2000)
        let right = roost_crc32c(0, bytes, bytes.count)
        for index in bytes.indices {
            bytes[index] ^= 1 << (index % 8)
            #expect(roost_crc32c(0, bytes, bytes.count) != right)
            bytes[index] ^= 1 << (index % 8)
        }
    }

    private func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(UInt64(count))
        return generator.bytes(count)
    }
}
