/// A picture as plain pixels.
struct Picture: Equatable {
    var width: Int
    var height: Int
    /// Packed RGB, top row first.
    var rgb: [UInt8]

    init(width: Int, height: Int, rgb: [UInt8]) {
        self.width = width
        self.height = height
        self.rgb = rgb
    }

    init(width: Int, height: Int, pixel: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) {
        self.init(width: width, height: height, rgb: [])
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = pixel(x, y)
                rgb += [red, green, blue]
            }
        }
    }

    /// One colour.
    static func plain(_ red: UInt8, _ green: UInt8, _ blue: UInt8, width: Int = 48, height: Int = 32) -> Picture {
        Picture(width: width, height: height) { _, _ in (red, green, blue) }
    }

    /// Four quarters: red, green above blue, white.
    static func quarters(width: Int = 64, height: Int = 32) -> Picture {
        Picture(width: width, height: height) { x, y in
            switch (x < width / 2, y < height / 2) {
            case (true, true): (255, 0, 0)
            case (false, true): (0, 255, 0)
            case (true, false): (0, 0, 255)
            case (false, false): (255, 255, 255)
            }
        }
    }

    subscript(x: Int, y: Int) -> [Int] {
        let start = (y * width + x) * 3
        return rgb[start..<start + 3].map(Int.init)
    }

    /// The colours in the middle of the four quarters, row by row.
    var quarterColours: [[Int]] {
        [
            self[width / 4, height / 4], self[width * 3 / 4, height / 4],
            self[width / 4, height * 3 / 4], self[width * 3 / 4, height * 3 / 4],
        ]
    }
}

/// Whether two colours differ by at most `tolerance` in each channel.
func isClose(_ one: [Int], _ other: [Int], tolerance: Int = 12) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= tolerance }
}

extension [UInt8] {
    mutating func append16(_ value: Int) { self += [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    mutating func append32(_ value: Int) {
        append16(value & 0xFFFF)
        append16(value >> 16 & 0xFFFF)
    }
    mutating func append16Big(_ value: Int) { self += [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    mutating func append32Big(_ value: Int) {
        append16Big(value >> 16 & 0xFFFF)
        append16Big(value & 0xFFFF)
    }

    func contains(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}

/// Bitmaps, made by the format's description.
enum BMP {
    /// 24 bit with BITMAPINFOHEADER, or BITMAPCOREHEADER.
    static func truecolour(_ picture: Picture, topDown: Bool = false, core: Bool = false) -> [UInt8] {
        let stride = (picture.width * 3 + 3) / 4 * 4
        var pixels: [UInt8] = []
        for row in 0..<picture.height {
            let y = topDown ? row : picture.height - 1 - row
            for x in 0..<picture.width { pixels += picture[x, y].reversed().map(UInt8.init) }
            pixels += [UInt8](repeating: 0, count: stride - picture.width * 3)
        }
        if core { return coreFile(picture, bits: 24, pixels: pixels) }
        return file(width: picture.width, height: topDown ? -picture.height : picture.height, bits: 24, pixels: pixels)
    }

    private static func coreFile(_ picture: Picture, bits: Int, pixels: [UInt8]) -> [UInt8] {
        var bytes = Array("BM".utf8)
        bytes.append32(26 + pixels.count)
        bytes.append32(0)
        bytes.append32(26)
        bytes.append32(12)
        bytes.append16(picture.width)
        bytes.append16(picture.height)
        bytes.append16(1)
        bytes.append16(bits)
        return bytes + pixels
    }

    /// Any kind with BITMAPINFOHEADER; `extra` is palette or masks.
    static func file(
        width: Int, height: Int, bits: Int, compression: Int = 0, extra: [UInt8] = [], pixels: [UInt8]
    ) -> [UInt8] {
        var bytes = Array("BM".utf8)
        bytes.append32(54 + extra.count + pixels.count)
        bytes.append32(0)
        bytes.append32(54 + extra.count)
        bytes.append32(40)
        bytes.append32(width)
        bytes.append32(height)
        bytes.append16(1)
        bytes.append16(bits)
        bytes.append32(compression)
        for _ in 0..<5 { bytes.append32(0) }
        return bytes + extra + pixels
    }
}

/// Baseline TIFF 6.0, one uncompressed strip, little endian.
enum TIFF {
    /// `photometric`: 1 grey, 2 RGB, 5 separated (CMYK).
    static func file(width: Int, height: Int, channels: Int, photometric: Int, pixels: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = Array("II".utf8)
        bytes.append16(42)
        bytes.append32(8 + 8 + pixels.count)
        for _ in 0..<4 { bytes.append16(8) }  // BitsPerSample
        bytes += pixels
        let fields: [(tag: Int, type: Int, count: Int, value: Int)] = [
            (256, 4, 1, width), (257, 4, 1, height),
            (258, 3, channels, channels <= 2 ? 8 | 8 << 16 : 8), (259, 3, 1, 1), (262, 3, 1, photometric),
            (273, 4, 1, 16), (277, 3, 1, channels), (278, 4, 1, height), (279, 4, 1, pixels.count),
        ]
        bytes.append16(fields.count)
        for field in fields {
            bytes.append16(field.tag)
            bytes.append16(field.type)
            bytes.append32(field.count)
            bytes.append32(field.value)
        }
        bytes.append32(0)
        return bytes
    }
}

/// PNG with stored (uncompressed) deflate blocks.
enum PNG {
    static func file(
        width: Int, height: Int, depth: Int, colourType: Int, chunks: [(String, [UInt8])] = [], rows: [[UInt8]]
    ) -> [UInt8] {
        var header: [UInt8] = []
        header.append32Big(width)
        header.append32Big(height)
        header += [UInt8(depth), UInt8(colourType), 0, 0, 0]
        let data: [UInt8] = rows.flatMap { (row: [UInt8]) -> [UInt8] in [0] + row }  // filter type 0
        var stream: [UInt8] = [0x78, 0x01, 0x01]
        stream.append16(data.count)
        stream.append16(~data.count & 0xFFFF)
        stream += data
        var (a, b) = (1, 0)
        for byte in data {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        stream.append32Big(b << 16 | a)
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        for (name, body) in [("IHDR", header)] + chunks + [("IDAT", stream), ("IEND", [])] {
            bytes.append32Big(body.count)
            bytes += Array(name.utf8) + body
            bytes.append32Big(Int(crc(Array(name.utf8) + body)))
        }
        return bytes
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }
}

extension [UInt8] {
    /// This JPEG with a further segment after its start.
    func withSegment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        var segment: [UInt8] = [0xFF, marker]
        segment.append16Big(body.count + 2)
        return Array(self[..<2]) + segment + body + self[2...]
    }

    /// This JPEG with an EXIF orientation, 1 … 8, and a GPS directory.
    func withExif(orientation: Int) -> [UInt8] {
        var exif: [UInt8] = Array("Exif".utf8) + [0, 0] + Array("II".utf8)
        exif.append16(42)
        exif.append32(8)
        exif.append16(2)
        for (tag, type, value) in [(0x0112, 3, orientation), (0x8825, 4, 38)] {
            exif.append16(tag)
            exif.append16(type)
            exif.append32(1)
            exif.append32(value)
        }
        exif.append32(0)
        exif.append16(1)  // GPSLatitudeRef, "N"
        exif.append16(1)
        exif.append16(2)
        exif.append32(2)
        exif += Array("N".utf8) + [0, 0, 0]
        exif.append32(0)
        return withSegment(0xE1, exif)
    }

    /// This JPEG with a colour profile.
    func withProfile(_ profile: [UInt8]) -> [UInt8] {
        withSegment(0xE2, Array("ICC_PROFILE".utf8) + [0, 1, 1] + profile)
    }
}

/// ICC version 2 display profiles of three primaries and a plain gamma.
enum ICC {
    /// Display P3's primaries (D50 adapted, as Apple's profile has them).
    static let displayP3 = profile(
        red: (0.51512, 0.24120, -0.00105), green: (0.29198, 0.69225, 0.04189), blue: (0.15710, 0.06657, 0.78407))

    static func profile(
        red: (Double, Double, Double), green: (Double, Double, Double), blue: (Double, Double, Double)
    ) -> [UInt8] {
        func xyz(_ value: (Double, Double, Double)) -> [UInt8] {
            var bytes: [UInt8] = Array("XYZ ".utf8) + [0, 0, 0, 0]
            for number in [value.0, value.1, value.2] { bytes.append32Big(Int((number * 65536).rounded())) }
            return bytes
        }
        let gamma: [UInt8] = Array("curv".utf8) + [0, 0, 0, 0, 0, 0, 0, 1, 0x02, 0x33, 0, 0]  // 2.2
        let description: [UInt8] =
            Array("desc".utf8) + [0, 0, 0, 0, 0, 0, 0, 5] + Array("test".utf8) + [UInt8](repeating: 0, count: 79)
        let copyright: [UInt8] = Array("text".utf8) + [0, 0, 0, 0] + Array("none".utf8) + [0, 0, 0, 0]
        let tags: [(String, [UInt8])] = [
            ("desc", description), ("cprt", copyright), ("wtpt", xyz((0.9642, 1, 0.8249))),
            ("rXYZ", xyz(red)), ("gXYZ", xyz(green)), ("bXYZ", xyz(blue)),
            ("rTRC", gamma), ("gTRC", gamma), ("bTRC", gamma),
        ]
        var table: [UInt8] = []
        var data: [UInt8] = []
        table.append32Big(tags.count)
        for (name, body) in tags {
            table += Array(name.utf8)
            table.append32Big(128 + 4 + tags.count * 12 + data.count)
            table.append32Big(body.count)
            data += body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        }
        var header: [UInt8] = []
        header.append32Big(128 + table.count + data.count)
        header += [0, 0, 0, 0, 2, 0x40, 0, 0] + Array("mntrRGB XYZ ".utf8)
        header += [7, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0] + Array("acsp".utf8)
        header += [UInt8](repeating: 0, count: 28)
        header += Array(xyz((0.9642, 1, 0.8249))[8...])
        header += [UInt8](repeating: 0, count: 128 - header.count)
        return header + table + data
    }
}
