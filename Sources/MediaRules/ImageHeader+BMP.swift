/// BMP: the file header of 14 bytes, then an information header.
///
/// https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types
enum BMPHeader {
    static func read(_ source: some ByteSource) throws(HeaderError) -> ImageHeader {
        var reader = HeaderReader(source, budget: 8192)
        let start = try reader.bytes(at: 0, count: 26)
        guard start[0] == 0x42, start[1] == 0x4D else { throw .malformed("no BMP signature") }
        let headerSize = start.littleEndian32(at: 14)
        if headerSize == 12 {  // OS/2 1.x: 16 bits each
            return try ImageHeader.checked(
                width: Int(start.littleEndian16(at: 18)), height: Int(start.littleEndian16(at: 20)))
        }
        guard (40...124).contains(headerSize) else { throw .malformed("an information header of \(headerSize) bytes") }
        let bits = try reader.bytes(at: 28, count: 2).littleEndian16(at: 0)
        guard [0, 1, 2, 4, 8, 16, 24, 32, 64].contains(bits) else { throw .malformed("\(bits) bits a pixel") }
        // A negative height says that the rows stand from top to bottom.
        var header = try ImageHeader.checked(
            width: Int(Int32(bitPattern: start.littleEndian32(at: 18))),
            height: abs(Int(Int32(bitPattern: start.littleEndian32(at: 22)))))
        header.hasAlpha = bits == 32 && headerSize >= 56
        return header
    }
}
