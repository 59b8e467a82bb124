/// WebP (RFC 9649): a RIFF file with one bitstream, or with `VP8X` and chunks behind it.
enum WebPHeader {
    static func read(_ source: some ByteSource) throws(HeaderError) -> ImageHeader {
        var reader = HeaderReader(source, budget: 64 << 20)
        let start = try reader.bytes(at: 0, count: 30)
        guard FourCC(start, at: 0) == "RIFF", FourCC(start, at: 8) == "WEBP" else {
            throw .malformed("no WebP signature")
        }
        switch FourCC(start, at: 12) {
        case "VP8 ": return try lossy(start)
        case "VP8L": return try lossless(start)
        case "VP8X": return try extended(start, &reader)
        case let other: throw .malformed("a first chunk \(other)")
        }
    }

    /// RFC 6386, section 9.1: a key frame's tag, its start code, 14 bits each of width and height.
    private static func lossy(_ start: [UInt8]) throws(HeaderError) -> ImageHeader {
        guard start[20] & 1 == 0, start[23...25] == [0x9D, 0x01, 0x2A] else { throw .malformed("no VP8 key frame") }
        return try ImageHeader.checked(
            width: Int(start.littleEndian16(at: 26) & 0x3FFF), height: Int(start.littleEndian16(at: 28) & 0x3FFF))
    }

    /// RFC 9649, section 3.4: a signature byte, 14 bits each of width and height less one, one bit for alpha.
    private static func lossless(_ start: [UInt8]) throws(HeaderError) -> ImageHeader {
        guard start[20] == 0x2F else { throw .malformed("no VP8L signature") }
        let bits = start.littleEndian32(at: 21)
        var header = try ImageHeader.checked(width: Int(bits & 0x3FFF) + 1, height: Int(bits >> 14 & 0x3FFF) + 1)
        header.hasAlpha = bits >> 28 & 1 == 1
        return header
    }

    /// RFC 9649, section 2.7: flags, 24 bits each of canvas width and height less one; frames and Exif follow as chunks.
    private static func extended<Source>(
        _ start: [UInt8], _ reader: inout HeaderReader<Source>
    ) throws(HeaderError) -> ImageHeader {
        let flags = start[20]
        var header = try ImageHeader.checked(
            width: Int(start.littleEndian24(at: 24)) + 1, height: Int(start.littleEndian24(at: 27)) + 1)
        header.hasAlpha = flags & 0x10 != 0
        guard flags & 0x0A != 0 else { return header }  // neither animation nor Exif
        let end = min(reader.size, Int64(start.littleEndian32(at: 4)) + 8)
        var offset: Int64 = 12
        var chunks = 0
        var frames = 0
        while offset + 8 <= end {
            let chunk = try reader.bytes(at: offset, count: 8)
            let length = Int64(chunk.littleEndian32(at: 4))
            guard length <= end - offset - 8 else { throw .truncated(at: reader.size) }
            switch FourCC(chunk, at: 0) {
            case "ANMF":
                frames += 1
            case "EXIF":
                let data = try reader.bytes(at: offset + 8, count: Int(min(length, 65_536)))
                let prefix = Array("Exif\0\0".utf8)  // not in the specification, but written by many programs
                let tiff = data.starts(with: prefix) ? Array(data.dropFirst(prefix.count)) : data
                header.orientation = Exif.orientation(ArrayByteSource(tiff))
            default:
                break
            }
            chunks += 1
            guard chunks <= ImageHeader.mostFrames else {
                throw .tooComplex("more than \(ImageHeader.mostFrames) chunks")
            }
            offset += 8 + length + length % 2
        }
        header.frameCount = max(1, frames)
        return header
    }
}
