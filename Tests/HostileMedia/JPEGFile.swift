/// JPEG files (ITU-T T.81) that are mostly header, and further segments in those of others.
package enum JPEGFile {
    /// A segment.
    package static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] = .big16(content.count + 2)
        return [0xFF, marker] + length + content
    }

    /// The file with a segment behind its start.
    package static func file(_ jpeg: [UInt8], with segments: [UInt8]) -> [UInt8] {
        Array(jpeg[..<2]) + segments + jpeg[2...]
    }

    /// The same picture that claims another size.
    package static func resized(_ jpeg: [UInt8], width: Int, height: Int) -> [UInt8] {
        var file = jpeg
        guard let start = jpeg.firstRange(of: [0xFF, 0xC0])?.lowerBound else { return file }
        let size: [UInt8] = .big16(height) + .big16(width)
        file.replaceSubrange(start + 5..<start + 9, with: size)
        return file
    }

    /// A progressive picture of one grey component, of which each scan says the same nothing again.
    ///
    /// Each scan has the decoder pass over all of the picture.
    ///
    /// - Parameter inRuns: says it for 16384 blocks at a time, so that a scan of any size has some hundred bytes.
    package static func scans(width: Int, height: Int, count: Int, inRuns: Bool = false) -> [UInt8] {
        let size: [UInt8] = .big16(height) + .big16(width)
        var file: [UInt8] = [0xFF, 0xD8]
        file += segment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        file += segment(0xC2, [8] + size + [1, 1, 0x11, 0])
        // One code of one bit for the value 0: no difference, and the end of a block.
        // In runs the other one is EOB14, whose 14 further bits add to 16384 blocks (T.81, G.1.2.2).
        file += segment(0xC4, [0x00, 1] + [UInt8].zeros(16))
        file += segment(0xC4, [0x10, 1] + [UInt8].zeros(15) + [inRuns ? 0xE0 : 0])
        let blocks = ((width + 7) / 8) * ((height + 7) / 8)
        let bits = [UInt8].zeros((blocks + 7) / 8)
        let scan = inRuns ? [UInt8].zeros(((blocks + 16_383) / 16_384 * 15 + 7) / 8) : bits
        file += segment(0xDA, [1, 1, 0x00, 0, 0, 0x00]) + bits
        let head = segment(0xDA, [1, 1, 0x00, 1, 63, 0x00])
        for _ in 0..<count { file += head + scan }
        return file + [0xFF, 0xD9]
    }

    /// The markers before the first scan, in order; nil when the file does not begin as a JPEG.
    package static func markers(of jpeg: [UInt8]) -> [UInt8]? {
        guard jpeg.starts(with: [0xFF, 0xD8]) else { return nil }
        var markers: [UInt8] = []
        var offset = 2
        while offset + 4 <= jpeg.count, jpeg[offset] == 0xFF {
            markers.append(jpeg[offset + 1])
            if jpeg[offset + 1] == 0xDA { return markers }
            offset += 2 + Int(jpeg[offset + 2]) << 8 + Int(jpeg[offset + 3])
        }
        return nil
    }
}
