import CWireBytes
import RandomSupport
import Testing

/// Kernels that the processor lacks give way to others, so that each can be named anywhere.
private let kernels = [ROOST_KERNEL_PORTABLE, ROOST_KERNEL_SSE2, ROOST_KERNEL_AVX2, ROOST_KERNEL_BEST]

@Suite("Loops over every byte give the same with every kernel")
struct CWireBytesTests {
    /// The plainest search there is.
    private func expected(_ bytes: [UInt8], _ needle: [UInt8]) -> Int {
        let starts = bytes.indices.filter { bytes[$0...].starts(with: needle) }
        return starts.first ?? bytes.indices.first { needle.starts(with: bytes[$0...]) } ?? bytes.count
    }

    private func found(_ bytes: [UInt8], _ needle: [UInt8], _ kernel: roost_kernel) -> Int {
        // A copy of exactly this size, so that a sanitizer sees a read past the end.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { copy.deallocate() }
        _ = copy.initialize(from: bytes)
        return roost_find_needle(copy.baseAddress, bytes.count, needle, needle.count, kernel)
    }

    @Test("a needle is found at every place of a buffer, also when only its beginning is there")
    func needleEverywhere() {
        let needle = Array("\r\n--boundary".utf8)
        for count in [0, 1, 11, 12, 13, 63, 64, 75, 76, 77, 150] {
            for place in 0...count {
                let bytes = Array(([UInt8](repeating: 0x0D, count: place) + needle).prefix(count))
                for kernel in kernels {
                    #expect(found(bytes, needle, kernel) == expected(bytes, needle), "\(count) \(place) \(kernel)")
                }
            }
        }
    }

    @Test("bytes made of pieces of the needle are searched like the plainest search does")
    func needlePieces() {
        var generator = SeededGenerator(1)
        let needle = Array("\r\n--ab-".utf8)
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            while bytes.count < 200 {
                let piece = needle.prefix(
                    Int.random(in: 1...needle.count - (bytes.count < 120 ? 1 : 0), using: &generator))
                bytes += Bool.random(using: &generator) ? Array(piece) : [UInt8.random(in: 0...255, using: &generator)]
            }
            let wanted = expected(bytes, needle)
            for kernel in kernels { #expect(found(bytes, needle, kernel) == wanted, "\(bytes) \(kernel)") }
        }
    }

    private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes that the kernel decoded, and how many characters it read for them.
    private func decoded(_ text: [UInt8], _ kernel: roost_kernel) -> (bytes: [UInt8], read: Int) {
        var target = [UInt8](repeating: 0, count: text.count / 4 * 3 + 8)
        let read = roost_decode_base64_blocks(text, text.count, &target, kernel)
        return (Array(target.prefix(read / 4 * 3)), read)
    }

    private func bytes(of text: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        for (index, character) in text.enumerated() {
            bits = bits << 6 | UInt32(alphabet.firstIndex(of: character) ?? 0)
            if index % 4 == 3 { bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)] }
        }
        return bytes
    }

    @Test("base64 of any length is decoded as far as was read, and never read in part of a group")
    func base64() {
        var generator = SeededGenerator(2)
        for count in 0..<300 {
            let text = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            for kernel in kernels {
                let (found, read) = decoded(text, kernel)
                #expect(read % 4 == 0 && found == bytes(of: text.prefix(read)), "\(count) \(kernel)")
            }
        }
    }

    @Test("a block with any other byte at any place is left to the caller")
    func otherBytes() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<32 {
                var text = [UInt8](repeating: UInt8(ascii: "z"), count: 96)
                text[32 + place] = byte
                let read = decoded(text, ROOST_KERNEL_BEST).read
                let mayRead = alphabet.contains(byte) ? 96 : 32
                #expect(read <= mayRead, "\(byte) \(place)")
            }
        }
    }
}
