/// TIFF 6.0: a chain of directories, one for each page.
enum TIFFHeader {
    /// The fields of a directory that matter here.
    struct Directory {
        var width: Int?
        var height: Int?
        var bitsPerSample: Int?
        var orientation: Int?
        var hasExtraSamples = false
        /// Where the next directory stands; 0 after the last.
        var next: Int64 = 0
    }

    private static let mostPages = 1000
    /// Tags of one directory; TIFF 6.0 knows some 80, cameras add some hundred.
    private static let mostEntries = 1024

    static func read(_ source: some ByteSource) throws(HeaderError) -> ImageHeader {
        var walk = try TIFFWalk(source)
        let first = try walk.directory(at: walk.firstOffset, most: mostEntries)
        guard let width = first.width, let height = first.height else { throw .malformed("no width and height") }
        var header = try ImageHeader.checked(width: width, height: height)
        header.orientation = first.orientation ?? 1
        header.bitDepth = first.bitsPerSample ?? 1
        header.hasAlpha = first.hasExtraSamples
        var seen: Set<Int64> = [walk.firstOffset]
        var next = first.next
        while next != 0 {
            guard seen.insert(next).inserted else { throw .malformed("the directories form a circle") }
            guard seen.count <= mostPages else { throw .tooComplex("more than \(mostPages) pages") }
            next = try walk.directory(at: next, most: mostEntries).next
        }
        header.pageCount = seen.count
        return header
    }

    /// The first directory alone, for Exif.
    static func firstDirectory(_ source: some ByteSource) throws(HeaderError) -> Directory {
        var walk = try TIFFWalk(source)
        return try walk.directory(at: walk.firstOffset, most: mostEntries)
    }
}

private struct TIFFWalk<Source: ByteSource> {
    private var reader: HeaderReader<Source>
    private let isLittleEndian: Bool
    private(set) var firstOffset: Int64 = 0

    init(_ source: Source) throws(HeaderError) {
        self.reader = HeaderReader(source, budget: 16 << 20)
        let start = try reader.bytes(at: 0, count: 8)
        switch Array(start[0..<4]) {
        case [0x49, 0x49, 0x2A, 0x00]: self.isLittleEndian = true
        case [0x4D, 0x4D, 0x00, 0x2A]: self.isLittleEndian = false
        default: throw .malformed("no TIFF signature")
        }
        self.firstOffset = Int64(integer32(start, 4))
    }

    mutating func directory(at offset: Int64, most: Int) throws(HeaderError) -> TIFFHeader.Directory {
        guard offset >= 8 else { throw .malformed("a directory inside of the header") }
        let count = Int(integer16(try reader.bytes(at: offset, count: 2), 0))
        guard count <= most else { throw .tooComplex("a directory of \(count) entries") }
        let bytes = try reader.bytes(at: offset + 2, count: count * 12 + 4)
        var directory = TIFFHeader.Directory()
        for start in stride(from: 0, to: count * 12, by: 12) {
            let value = try value(of: bytes, start)
            switch integer16(bytes, start) {
            case 256: directory.width = value
            case 257: directory.height = value
            case 258: directory.bitsPerSample = value.map { min(max($0, 1), 64) }
            case 274: directory.orientation = value.flatMap { (1...8).contains($0) ? $0 : nil }
            case 338: directory.hasExtraSamples = true
            default: break
            }
        }
        directory.next = Int64(integer32(bytes, count * 12))
        return directory
    }

    /// The first number of an entry of type SHORT or LONG; nil for other types.
    ///
    /// Up to four bytes stand in the entry itself, more at the offset that it names.
    private mutating func value(of bytes: [UInt8], _ start: Int) throws(HeaderError) -> Int? {
        let count = integer32(bytes, start + 4)
        switch (integer16(bytes, start + 2), count) {
        case (3, 1...2): return Int(integer16(bytes, start + 8))
        case (3, 3...8) where integer16(bytes, start) == 258:
            return Int(integer16(try reader.bytes(at: Int64(integer32(bytes, start + 8)), count: 2), 0))
        case (4, 1): return Int(integer32(bytes, start + 8))
        default: return nil
        }
    }

    private func integer16(_ bytes: [UInt8], _ at: Int) -> UInt16 {
        isLittleEndian ? bytes.littleEndian16(at: at) : bytes.bigEndian16(at: at)
    }

    private func integer32(_ bytes: [UInt8], _ at: Int) -> UInt32 {
        isLittleEndian ? bytes.littleEndian32(at: at) : bytes.bigEndian32(at: at)
    }
}
