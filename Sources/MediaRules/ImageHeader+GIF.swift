/// GIF (GIF89a specification, 1990): all blocks are walked, since nothing at the start tells the number of frames.
enum GIFHeader {
    /// Far above every profile's limit of bytes; a larger file is too complex.
    private static let budget = 128 << 20

    static func read(_ source: some ByteSource) throws(HeaderError) -> ImageHeader {
        var walk = GIFWalk(reader: HeaderReader(source, budget: budget, step: 65_536))
        return try walk.run()
    }
}

private struct GIFWalk<Source: ByteSource> {
    var reader: HeaderReader<Source>
    private var offset: Int64 = 0
    private var width = 0
    private var height = 0
    private var frames = 0
    private var centiseconds: Int64 = 0
    private var hasAlpha = false

    init(reader: HeaderReader<Source>) { self.reader = reader }

    mutating func run() throws(HeaderError) -> ImageHeader {
        let screen = try take(13)
        guard screen.starts(with: Array("GIF8".utf8)) else { throw .malformed("no GIF signature") }
        width = Int(screen.littleEndian16(at: 6))
        height = Int(screen.littleEndian16(at: 8))
        skipColorTable(screen[10])
        while try nextBlock() {}
        guard frames > 0 else { throw .malformed("no picture in the file") }
        var header = try ImageHeader.checked(width: width, height: height)
        header.frameCount = frames
        header.hasAlpha = hasAlpha
        header.durationMs = frames > 1 ? centiseconds * 10 : nil
        return header
    }

    /// Walks one block; false at the end of the file.
    ///
    /// A file without trailer, or with garbage where the next block should begin, shows its frames in every browser: it
    /// ends there. Before the first frame both are errors.
    private mutating func nextBlock() throws(HeaderError) -> Bool {
        if frames > 0, offset >= reader.size { return false }
        switch try take(1)[0] {
        case 0x21: try skipExtension()
        case 0x2C: try skipPicture()
        case 0x3B: return false
        case let other:
            guard frames > 0 else { throw .malformed("a block of kind \(other)") }
            return false
        }
        return true
    }

    private mutating func skipExtension() throws(HeaderError) {
        let isGraphicControl = try take(1)[0] == 0xF9
        if isGraphicControl, try reader.byte(at: offset) == 4 {
            let control = try take(5)
            let delay = Int64(control.littleEndian16(at: 2))
            // Browsers and ffmpeg play delays below 2 hundredths as 10.
            centiseconds += delay < 2 ? 10 : delay
            if control[1] & 1 == 1 { hasAlpha = true }
        }
        try skipSubBlocks()
    }

    private mutating func skipPicture() throws(HeaderError) {
        let place = try take(9)
        // A frame that reaches beyond the screen makes decoders enlarge it; the judge must see what they allocate.
        width = max(width, Int(place.littleEndian16(at: 0)) + Int(place.littleEndian16(at: 4)))
        height = max(height, Int(place.littleEndian16(at: 2)) + Int(place.littleEndian16(at: 6)))
        skipColorTable(place[8])
        offset += 1  // the code size of LZW
        try skipSubBlocks()
        frames += 1
        guard frames <= ImageHeader.mostFrames else {
            throw .tooComplex("more than \(ImageHeader.mostFrames) frames")
        }
    }

    /// Blocks of up to 255 bytes, each behind its length, closed by an empty one.
    private mutating func skipSubBlocks() throws(HeaderError) {
        while true {
            let length = try reader.byte(at: offset)
            offset += 1 + Int64(length)
            if length == 0 { return }
        }
    }

    private mutating func skipColorTable(_ flags: UInt8) {
        if flags & 0x80 != 0 { offset += 3 << (Int64(flags & 7) + 1) }
    }

    private mutating func take(_ count: Int) throws(HeaderError) -> [UInt8] {
        let bytes = try reader.bytes(at: offset, count: count)
        offset += Int64(count)
        return bytes
    }
}
