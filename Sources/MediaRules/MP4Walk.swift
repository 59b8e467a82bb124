/// Walks the boxes of an MP4 file (ISO/IEC 14496-12) down to what ``MP4Header`` tells.
struct MP4Walk<Source: ByteSource> {
    /// The content of a box.
    struct Box {
        var type: FourCC
        var start: Int64
        var end: Int64
    }

    /// Boxes in one file, before the walk is given up.
    private static var mostBoxes: Int { 20_000 }
    /// Tracks in one file.
    private static var mostTracks: Int { 64 }

    var reader: HeaderReader<Source>
    private var boxes = 0

    init(_ source: Source) { self.reader = HeaderReader(source, budget: 16 << 20) }

    mutating func run() throws(HeaderError) -> MP4Header {
        var header = MP4Header()
        var offset: Int64 = 0
        var sawData = false
        while offset < reader.size {
            let box = try box(at: offset, end: reader.size)
            switch box.type {
            case "ftyp": header.brands = try brands(box)
            case "mdat": sawData = true
            case "moov":
                header.isFastStart = !sawData
                try readMovie(box, into: &header)
                return header
            default: break
            }
            offset = box.end
        }
        throw .malformed("no moov box")
    }

    private mutating func readMovie(_ movie: Box, into header: inout MP4Header) throws(HeaderError) {
        var tracks = 0
        for box in try children(of: movie) {
            switch box.type {
            case "mvhd": header.durationMs = try movieDuration(box)
            case "mvex": header.isFragmented = true
            case "trak":
                tracks += 1
                guard tracks <= Self.mostTracks else { throw .tooComplex("more than \(Self.mostTracks) tracks") }
                try readTrack(box, into: &header)
            default: break
            }
        }
    }

    private mutating func brands(_ box: Box) throws(HeaderError) -> [FourCC] {
        let bytes = try reader.bytes(at: box.start, count: Int(min(box.end - box.start, 256)))
        guard bytes.count >= 8 else { throw .malformed("an ftyp box of \(bytes.count + 8) bytes") }
        return [FourCC(bytes, at: 0)] + stride(from: 8, to: bytes.count - 3, by: 4).map { FourCC(bytes, at: $0) }
    }

    /// `mvhd`: time scale and duration; a duration of 0 or of all ones is unknown.
    private mutating func movieDuration(_ box: Box) throws(HeaderError) -> Int64? {
        let isLong = try reader.byte(at: box.start) == 1
        let bytes = try content(of: box, count: isLong ? 32 : 20)
        let scale = UInt64(bytes.bigEndian32(at: isLong ? 20 : 12))
        let duration = isLong ? bytes.bigEndian64(at: 24) : UInt64(bytes.bigEndian32(at: 16))
        let unknown = isLong ? UInt64.max : UInt64(UInt32.max)
        guard scale > 0, duration > 0, duration != unknown else { return nil }
        let (product, overflow) = duration.multipliedReportingOverflow(by: 1000)
        return overflow ? nil : Int64(exactly: product / scale)
    }

    // MARK: Boxes

    /// The boxes inside of a box, in order.
    mutating func children(of parent: Box, from start: Int64? = nil) throws(HeaderError) -> [Box] {
        var found: [Box] = []
        var offset = start ?? parent.start
        while offset + 8 <= parent.end {
            let child = try box(at: offset, end: parent.end)
            found.append(child)
            offset = child.end
        }
        return found
    }

    /// The box at an offset: 32 bits of length and a type; length 1 means 64 bits behind it, 0 "to the end".
    private mutating func box(at offset: Int64, end: Int64) throws(HeaderError) -> Box {
        boxes += 1
        guard boxes <= Self.mostBoxes else { throw .tooComplex("more than \(Self.mostBoxes) boxes") }
        let bytes = try reader.bytes(at: offset, count: 8)
        let type = FourCC(bytes, at: 4)
        var length = UInt64(bytes.bigEndian32(at: 0))
        var headerLength: Int64 = 8
        if length == 1 {
            length = try reader.bytes(at: offset + 8, count: 8).bigEndian64(at: 0)
            headerLength = 16
        } else if length == 0 {
            length = UInt64(end - offset)
        }
        guard length >= UInt64(headerLength) else { throw .malformed("a \(type) box of \(length) bytes") }
        guard length <= UInt64(end - offset) else {
            throw end == reader.size
                ? .truncated(at: end) : .malformed("a \(type) box that is longer than the box around it")
        }
        return Box(type: type, start: offset + headerLength, end: offset + Int64(length))
    }

    /// The first bytes of a box's content, all inside of the box.
    mutating func content(of box: Box, count: Int) throws(HeaderError) -> [UInt8] {
        guard Int64(count) <= box.end - box.start else { throw .malformed("a \(box.type) box that is too short") }
        return try reader.bytes(at: box.start, count: count)
    }
}
