/// PNG files (W3C PNG third edition) of zeros, and further chunks in those of others.
package enum PNGFile {
    /// A picture whose samples are all zero, packed a thousand to one, as a decompression bomb is.
    ///
    /// - Parameters:
    ///   - depth: bits of a sample.
    ///   - colourType: 0 grey, 2 RGB, 6 RGB with alpha.
    package static func zeros(width: Int, height: Int, depth: Int, colourType: UInt8) -> [UInt8] {
        let samples = [0: 1, 2: 3, 6: 4][Int(colourType)] ?? 1
        let row = 1 + (width * samples * depth + 7) / 8
        let data = chunk("IDAT", packedZeros(row * height))
        return signature + header(width, height, depth, colourType) + data + chunk("IEND", [])
    }

    /// A picture of 8 bit RGB samples, not packed.
    package static func picture(width: Int, height: Int, rgb: [UInt8]) -> [UInt8] {
        var rows: [UInt8] = []
        for row in 0..<height {
            rows.append(0)
            rows += rgb[row * width * 3..<(row + 1) * width * 3]
        }
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: rows.count, by: 0xFFFF) {
            let part = rows[start..<min(start + 0xFFFF, rows.count)]
            stream.append(part.endIndex == rows.count ? 1 : 0)
            stream += [UInt8].little16(part.count)
            stream += [UInt8].little16(~part.count)
            stream += part
        }
        var (a, b) = (1, 0)
        for byte in rows {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        stream += [UInt8].big32(b << 16 | a)
        return signature + header(width, height, 8, 2) + chunk("IDAT", stream) + chunk("IEND", [])
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private static func header(_ width: Int, _ height: Int, _ depth: Int, _ colourType: UInt8) -> [UInt8] {
        let size: [UInt8] = .big32(width) + .big32(height)
        return chunk("IHDR", size + [UInt8(depth), colourType, 0, 0, 0])
    }

    /// A chunk with its checksum.
    package static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return .big32(content.count) + body + .big32(Int(~crc))
    }

    /// The file with chunks behind its header.
    package static func file(_ png: [UInt8], with chunks: [UInt8]) -> [UInt8] {
        Array(png[..<33]) + chunks + png[33...]
    }

    /// The chunks' names, in order; nil when the file is no chain of chunks to its end.
    package static func chunkNames(of png: [UInt8]) -> [String]? {
        guard png.starts(with: signature) else { return nil }
        var names: [String] = []
        var offset = 8
        while offset + 12 <= png.count {
            names.append(String(decoding: png[offset + 4..<offset + 8], as: UTF8.self))
            offset += 12 + png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        return offset == png.count ? names : nil
    }

    /// A zlib stream of zeros (RFC 1950, 1951): one block with codes of its own, in which 258 zeros take two bits.
    private static func packedZeros(_ count: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.put(1, 1)  // the last block
        bits.put(2, 2)  // with its own codes
        bits.put(29, 5)  // 286 codes of literals and lengths
        bits.put(0, 5)  // 1 code of distances
        bits.put(14, 4)  // 18 codes of code lengths, in the order of RFC 1951, 3.2.7
        // 18: repeat zero (one bit); 1 and 2: a length (two bits).
        let lengths = [18: 1, 1: 2, 2: 2]
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1] {
            bits.put(lengths[symbol] ?? 0, 3)
        }
        // Codes by RFC 1951, 3.2.2: 18 is 0; 1 is 10; 2 is 11, the highest bit first.
        func skip(_ zeros: Int) {
            bits.put(0b0, 1)
            bits.put(zeros - 11, 7)
        }
        bits.put(0b11, 2)  // literal 0: two bits
        skip(138)
        skip(117)
        bits.put(0b11, 2)  // 256, the end: two bits
        skip(28)
        bits.put(0b01, 2)  // 285, 258 bytes: one bit
        bits.put(0b01, 2)  // distance 1: one bit
        // 285 is 0; 0 is 10; 256 is 11; distance 1 is 0.
        bits.put(0b01, 2)
        for _ in 0..<(count - 1) / 258 { bits.put(0b00, 2) }
        for _ in 0..<(count - 1) % 258 { bits.put(0b01, 2) }
        bits.put(0b11, 2)
        // Adler-32 of zeros: the first sum stays 1, the second counts the bytes.
        let sum: [UInt8] = .big32(count % 65521 << 16 | 1)
        return [0x78, 0xDA] + bits.bytes + sum
    }
}

/// Bits, the lowest first, as deflate packs them.
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    mutating func put(_ value: Int, _ count: Int) {
        for bit in 0..<count {
            if used == 8 {
                bytes.append(0)
                used = 0
            }
            bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << used
            used += 1
        }
    }
}
