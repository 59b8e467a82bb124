package import XMedia

/// Finds a file's type from its bytes alone; names and declared types are not asked.
///
/// Strict on purpose: the type found here is what a decoder is told to expect, so a file that only resembles a type
/// must not pass for it. A playlist named `.mp4`, for example, would make a demuxer open other files.
package enum Sniffer {
    /// The bytes that are looked at, from the start of the file.
    package static let window = 4096

    /// Returns the type of a file.
    ///
    /// - Throws: what reading the source failed with.
    package static func sniff(_ source: some ByteSource) throws -> SniffedType {
        let head = try source.read(at: 0, count: window)
        if let type = magic(head) ?? riff(head) ?? bmp(head, size: source.size) { return type }
        if let type = try isoMedia(head, source) ?? ebml(head) ?? mpegTS(head, size: source.size) { return type }
        return text(head, isWhole: source.size <= Int64(window)) ?? audio(head) ?? .unknown
    }

    /// Whether a declared type may stand for a sniffed one.
    ///
    /// `image/pjpeg` is a JPEG. MP4 and QuickTime stand for each other: they are one family (ISO/IEC 14496-12 grew out of
    /// QuickTime), cameras write `.mov` files with MP4 brands and the reverse, and clients declare by file extension.
    package static func declared(_ declared: MediaType, matches sniffed: SniffedType) -> Bool {
        guard let found = sniffed.mediaType else { return false }
        return family(declared) == family(found)
    }

    private static func family(_ type: MediaType) -> MediaType {
        switch type {
        case .pjpeg: .jpeg
        case .quickTime: .mp4
        default: type
        }
    }

    // MARK: Fixed signatures

    private static let signatures: [(bytes: [UInt8], type: SniffedType)] = [
        ([0xFF, 0xD8, 0xFF], .jpeg),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
        (Array("GIF87a".utf8), .gif),
        (Array("GIF89a".utf8), .gif),
        ([0x49, 0x49, 0x2A, 0x00], .tiff),
        ([0x4D, 0x4D, 0x00, 0x2A], .tiff),
        ([0x49, 0x49, 0x2B, 0x00], .bigTIFF),
        ([0x4D, 0x4D, 0x00, 0x2B], .bigTIFF),
        (Array("%PDF-".utf8), .pdf),
        (Array("%!PS".utf8), .postScript),
        ([0xC5, 0xD0, 0xD3, 0xC6], .postScript),
        ([0x50, 0x4B, 0x03, 0x04], .zip),
        ([0x50, 0x4B, 0x05, 0x06], .zip),
        (Array("8BPS".utf8), .psd),
        (Array("fLaC".utf8), .flac),
        (Array("OggS".utf8), .ogg),
        (Array("FLV\u{1}".utf8), .flv),
        (Array("glTF".utf8), .gltf),
        ([0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A, 0x87, 0x0A], .jpegXL),
        ([0xFF, 0x0A], .jpegXL),
        (Array("ID3".utf8), .mp3),
    ]

    private static func magic(_ head: [UInt8]) -> SniffedType? {
        signatures.first { head.starts(with: $0.bytes) }?.type
    }

    /// RIFF: `RIFF`, a length, then the form.
    private static func riff(_ head: [UInt8]) -> SniffedType? {
        guard head.starts(with: Array("RIFF".utf8)), head.count >= 16 else { return nil }
        switch FourCC(head, at: 8) {
        case "WEBP": return ["VP8 ", "VP8L", "VP8X"].contains(FourCC(head, at: 12)) ? .webp : nil
        case "AVI ": return .avi
        case "WAVE": return .wav
        default: return nil
        }
    }

    /// BMP: `BM`, then at 14 the size of an information header that exists.
    ///
    /// Two letters alone would take many a text for a BMP.
    private static func bmp(_ head: [UInt8], size: Int64) -> SniffedType? {
        guard head.count >= 26, head[0] == 0x42, head[1] == 0x4D else { return nil }
        let pixels = head.littleEndian32(at: 10)
        let header = head.littleEndian32(at: 14)
        return [12, 40, 52, 56, 64, 108, 124].contains(header) && Int64(pixels) <= size ? .bmp : nil
    }

    /// MP3 without an ID3 tag: a frame header with values that are not reserved (ISO/IEC 11172-3, 2.4.2.3).
    private static func audio(_ head: [UInt8]) -> SniffedType? {
        guard head.count >= 4, head[0] == 0xFF, head[1] & 0xE6 == 0xE2, head[1] & 0x18 != 0x08, head[2] & 0xF0 != 0xF0,
            head[2] & 0x0C != 0x0C
        else { return nil }
        return .mp3
    }
}
