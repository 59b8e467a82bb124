/// JPEG (ITU-T T.81, annex B): markers up to the frame header, and behind it the number of scans.
enum JPEGHeader {
    /// Segments before the frame header; profiles and metadata of large files take some hundred.
    private static let mostSegments = 4096

    static func read(_ source: some ByteSource) throws(HeaderError) -> ImageHeader {
        var reader = HeaderReader(source, budget: 4 << 20)
        guard try reader.bytes(at: 0, count: 2) == [0xFF, 0xD8] else { throw .malformed("no JPEG start marker") }
        var offset: Int64 = 2
        var orientation: Int?
        for _ in 0..<mostSegments {
            let (marker, start) = try nextMarker(&reader, at: offset)
            if marker == 0x01 || (0xD0...0xD7).contains(marker) {  // markers without a length
                offset = start
                continue
            }
            guard marker != 0xD9, marker != 0xDA else { throw .malformed("no frame header before the picture data") }
            let length = Int(try reader.bytes(at: start, count: 2).bigEndian16(at: 0))
            guard length >= 2 else { throw .malformed("a segment of \(length) bytes") }
            if isFrame(marker) {
                var header = try frame(try reader.bytes(at: start + 2, count: min(length - 2, 6)))
                header.orientation = orientation ?? 1
                header.scanCount = try JPEGScans.count(
                    source, from: start + Int64(length), isProgressive: marker & 0x03 == 2,
                    components: Int(try reader.byte(at: start + 7)))
                return header
            }
            if marker == 0xE1, orientation == nil {
                let data = try reader.bytes(at: start + 2, count: length - 2)
                if data.starts(with: Array("Exif\0\0".utf8)) {
                    orientation = Exif.orientation(ArrayByteSource(Array(data.dropFirst(6))))
                }
            }
            offset = start + Int64(length)
        }
        throw .tooComplex("more than \(mostSegments) segments before the frame header")
    }

    /// The next marker's code and the offset behind it; any number of fill bytes 0xFF may stand before.
    private static func nextMarker<Source>(
        _ reader: inout HeaderReader<Source>, at offset: Int64
    ) throws(HeaderError) -> (UInt8, Int64) {
        guard try reader.byte(at: offset) == 0xFF else { throw .malformed("no marker where one must stand") }
        var position = offset + 1
        while try reader.byte(at: position) == 0xFF { position += 1 }
        return (try reader.byte(at: position), position + 1)
    }

    /// SOF0 to SOF15 without DHT, JPG and DAC.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
    }

    /// Precision, height, width, number of components.
    private static func frame(_ bytes: [UInt8]) throws(HeaderError) -> ImageHeader {
        guard bytes.count == 6 else { throw .malformed("a frame header of \(bytes.count) bytes") }
        // T.81, table B.2: 8 or 12 bits, in lossless frames 2 to 16.
        guard (2...16).contains(bytes[0]) else { throw .malformed("\(bytes[0]) bits a sample") }
        var header = try ImageHeader.checked(
            width: Int(bytes.bigEndian16(at: 3)), height: Int(bytes.bigEndian16(at: 1)))
        header.bitDepth = Int(bytes[0])
        return header
    }
}
