/// Counts the scans of a JPEG (ITU-T T.81, B.2): a decoder passes over the whole picture for each of them.
///
/// In a few bytes a scan can say for a hundred thousand blocks that nothing changes, so a small file may hold thousands. Only
/// files whose first scan is not the only one are read to their end.
enum JPEGScans {
    /// Above every profile's limit of bytes; a larger file is too complex.
    private static let budget = 128 << 20

    /// Counts from the segment behind the frame header on; what is cut or damaged ends the count, as it ends decoding.
    ///
    /// - Throws: `tooComplex`, or `source` when the file cannot be read.
    static func count(
        _ source: some ByteSource, from offset: Int64, isProgressive: Bool, components: Int
    ) throws(HeaderError) -> Int {
        var reader = HeaderReader(source, budget: budget, step: 65_536)
        var scans = 0
        do {
            var position = offset
            while true {
                let marker = try nextMarker(&reader, from: position)
                position = marker.end
                guard marker.code != 0xD9 else { break }
                let length = Int(try reader.bytes(at: position, count: 2).bigEndian16(at: 0))
                if marker.code == 0xDA {
                    scans += 1
                    // A sequential frame whose first scan has all components has no other.
                    if !isProgressive, try Int(reader.byte(at: position + 2)) >= components { break }
                }
                position += Int64(max(2, length))
            }
        } catch .truncated {
        } catch {
            throw error
        }
        return max(1, scans)
    }

    /// The next marker with a length, or the end's, from here on: behind a scan's header its coded data stand before it.
    ///
    /// That is 0xFF before anything but a stuffed 0, a restart, a fill byte or TEM.
    ///
    /// - Throws: `truncated` when there is none.
    private static func nextMarker<Source>(
        _ reader: inout HeaderReader<Source>, from offset: Int64
    ) throws(HeaderError) -> (code: UInt8, end: Int64) {
        var offset = offset
        var isBegun = false
        while true {
            let byte = try reader.byte(at: offset)
            offset += 1
            if isBegun, byte > 0x01, byte != 0xFF, !(0xD0...0xD7).contains(byte) { return (byte, offset) }
            isBegun = byte == 0xFF
        }
    }
}
