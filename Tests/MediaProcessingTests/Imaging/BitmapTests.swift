import MediaProcessing
import Testing

extension ImagingTests {
    /// The bitmap decoder inside `roost-imaging`.
    @Suite("Bitmaps")
    struct BitmapTests {
        static let palette: [UInt8] = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]

        /// Files that show red, green above blue, white in 2 × 2 pixels.
        static let variants: [(name: String, bytes: [UInt8])] = [
            ("24 bit", BMP.truecolour(.quarters(width: 2, height: 2))),
            ("24 bit, top-down", BMP.truecolour(.quarters(width: 2, height: 2), topDown: true)),
            ("OS/2 header", BMP.truecolour(.quarters(width: 2, height: 2), core: true)),
            ("4 bit", file(bits: 4, extra: palette16, pixels: [0x23, 0, 0, 0, 0x01, 0, 0, 0])),
            ("8 bit", file(bits: 8, extra: palette256, pixels: [2, 3, 0, 0, 0, 1, 0, 0])),
            ("RLE8", file(bits: 8, compression: 1, extra: palette256, pixels: [1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1])),
            (
                "RLE4, literals",
                file(bits: 4, compression: 2, extra: palette16, pixels: [2, 0x23, 0, 0, 1, 0x00, 1, 0x10, 0, 1])
            ),
            ("16 bit, 5-5-5", file(bits: 16, pixels: [0x1F, 0, 0xFF, 0x7F, 0, 0x7C, 0xE0, 0x03])),
            (
                "16 bit, 5-6-5",
                file(
                    bits: 16, compression: 3, extra: [0, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0],
                    pixels: [0x1F, 0, 0xFF, 0xFF, 0, 0xF8, 0xE0, 0x07])
            ),
            ("32 bit", file(bits: 32, pixels: [255, 0, 0, 9, 255, 255, 255, 9, 0, 0, 255, 9, 0, 255, 0, 9])),
        ]

        static let palette16 = palette + [UInt8](repeating: 0, count: 64 - palette.count)
        static let palette256 = palette + [UInt8](repeating: 0, count: 1024 - palette.count)

        static func file(bits: Int, compression: Int = 0, extra: [UInt8] = [], pixels: [UInt8]) -> [UInt8] {
            BMP.file(width: 2, height: 2, bits: bits, compression: compression, extra: extra, pixels: pixels)
        }

        @Test("All kinds show the same picture")
        func kinds() async throws {
            try await ImagingBench.run { bench in
                for (name, bytes) in Self.variants {
                    let picture = try await bench.pixels(of: bytes, as: .bmp)
                    #expect(picture == .quarters(width: 2, height: 2), "\(name)")
                }
            }
        }

        @Test("1 bit, a row of eight")
        func oneBit() async throws {
            try await ImagingBench.run { bench in
                let bytes = BMP.file(
                    width: 8, height: 1, bits: 1, extra: [0, 0, 0, 0, 255, 255, 255, 0], pixels: [0b1010_0101, 0, 0, 0])
                let picture = try await bench.pixels(of: bytes, as: .bmp)
                #expect((0..<8).map { picture[$0, 0][0] } == [255, 0, 255, 0, 0, 255, 0, 255])
            }
        }

        @Test("Each prefix of a file is refused, whatever its kind")
        func prefixes() async throws {
            try await ImagingBench.run(configure: { $0.imagesPerHelper = 1_000_000 }) { bench in
                for bytes in [Self.variants[0].bytes, Self.variants[6].bytes] {
                    for length in [0, 1, 13, 14, 25, 26, 53, 54, 55, bytes.count - 5] {
                        await #expect(throws: ImagingError.self, "\(length) of \(bytes.count)") {
                            _ = try await bench.render(Array(bytes.prefix(length)), as: .bmp)
                        }
                    }
                }
            }
        }

        @Test("Headers that lie")
        func lies() async throws {
            try await ImagingBench.run { bench in
                let good = Self.variants[0].bytes
                func changed(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
                    Array(good[..<offset]) + bytes + good[(offset + bytes.count)...]
                }
                await #expect(throws: ImagingError.tooLarge("65535 x 65535 is more than 1000000 pixels")) {
                    _ = try await bench.render(
                        changed(18, [0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0]), as: .bmp)
                }
                for (what, bytes) in [
                    ("negative width", changed(18, [0, 0, 0, 0x80])), ("no height", changed(22, [0, 0, 0, 0])),
                    ("least height", changed(22, [0, 0, 0, 0x80])), ("7 bits", changed(28, [7, 0])),
                    ("unknown compression", changed(30, [9, 0, 0, 0])),
                    ("pixels in the header", changed(10, [20, 0, 0, 0])),
                    ("pixels beyond the end", changed(10, [0xFF, 0xFF, 0xFF, 0xFF])),
                    ("endless header", changed(14, [0xFF, 0xFF, 0xFF, 0xFF])),
                ] {
                    await #expect(throws: ImagingError.self, "\(what)") { _ = try await bench.render(bytes, as: .bmp) }
                }
            }
        }
    }
}
