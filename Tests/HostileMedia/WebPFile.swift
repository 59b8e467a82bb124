/// WebP files (RFC 9649) in their extended form.
package enum WebPFile {
    /// A chunk, filled up to an even length.
    package static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] = .little32(content.count)
        return Array(name.utf8) + length + content + [UInt8].zeros(content.count % 2)
    }

    /// A plain file in the extended form with chunks behind its picture.
    ///
    /// - Parameter flags: 0x08 Exif, 0x04 XMP.
    package static func file(
        _ webp: [UInt8], width: Int, height: Int, flags: UInt8, with chunks: [UInt8]
    ) -> [UInt8] {
        wrap(extended(width, height, flags) + webp[12...] + chunks)
    }

    /// An animation whose frames hold nothing.
    package static func animation(width: Int, height: Int, frames: Int) -> [UInt8] {
        var header = [UInt8].zeros(6)
        header += [UInt8].little24(width - 1)
        header += [UInt8].little24(height - 1)
        header += [10, 0, 0, 0]
        let frame = chunk("ANMF", header + chunk("VP8L", [0x2F, 0, 0, 0, 0, 0]))
        var chunks = extended(width, height, 0x02) + chunk("ANIM", .zeros(6))
        for _ in 0..<frames { chunks += frame }
        return wrap(chunks)
    }

    private static func extended(_ width: Int, _ height: Int, _ flags: UInt8) -> [UInt8] {
        let size: [UInt8] = .little24(width - 1) + .little24(height - 1)
        return chunk("VP8X", [flags, 0, 0, 0] + size)
    }

    private static func wrap(_ chunks: [UInt8]) -> [UInt8] {
        let length: [UInt8] = .little32(chunks.count + 4)
        return Array("RIFF".utf8) + length + Array("WEBP".utf8) + chunks
    }
}
