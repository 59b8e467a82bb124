/// PNG (W3C PNG third edition, section 5 and 11): chunks up to the first `IDAT`.
///
/// `acTL`, which makes a PNG an animation, must stand there; an `eXIf` behind the pixels is not looked for.
enum PNGHeader {
    private static let mostChunks = 4096

    static func read(_ source: some ByteSource) throws(HeaderError) -> ImageHeader {
        var reader = HeaderReader(source, budget: 4 << 20)
        var header = try start(&reader)
        var offset: Int64 = 33
        for _ in 0..<mostChunks {
            let chunk = try reader.bytes(at: offset, count: 8)
            let length = Int64(chunk.bigEndian32(at: 0))
            guard length <= Int64(Int32.max) else { throw .malformed("a chunk of \(length) bytes") }
            let content = offset + 8
            switch FourCC(chunk, at: 4) {
            case "IDAT":
                return header
            case "IEND":
                throw .malformed("no picture data")
            case "acTL":
                guard length == 8 else { throw .malformed("an acTL chunk of \(length) bytes") }
                header.frameCount = max(1, Int(try reader.bytes(at: content, count: 4).bigEndian32(at: 0)))
            case "tRNS":
                header.hasAlpha = true
            case "eXIf":
                let data = try reader.bytes(at: content, count: Int(min(length, 65_536)))
                header.orientation = Exif.orientation(ArrayByteSource(data))
            default:
                break
            }
            offset = content + length + 4
        }
        throw .tooComplex("more than \(mostChunks) chunks before the picture data")
    }

    /// The signature and `IHDR`.
    private static func start<Source>(_ reader: inout HeaderReader<Source>) throws(HeaderError) -> ImageHeader {
        let bytes = try reader.bytes(at: 0, count: 33)
        guard bytes[0] == 0x89, FourCC(bytes, at: 12) == "IHDR", bytes.bigEndian32(at: 8) == 13 else {
            throw .malformed("no IHDR chunk at the start")
        }
        let width = bytes.bigEndian32(at: 16)
        let height = bytes.bigEndian32(at: 20)
        guard width <= UInt32(Int32.max), height <= UInt32(Int32.max) else {
            throw .malformed("the picture is \(width)×\(height) pixels")
        }
        var header = try ImageHeader.checked(width: Int(width), height: Int(height))
        guard [1, 2, 4, 8, 16].contains(bytes[24]), [0, 2, 3, 4, 6].contains(bytes[25]) else {
            throw .malformed("bit depth \(bytes[24]) with color type \(bytes[25])")
        }
        header.bitDepth = Int(bytes[24])
        header.hasAlpha = bytes[25] == 4 || bytes[25] == 6
        return header
    }
}
