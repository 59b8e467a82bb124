import MediaRules

/// The smallest files that carry a header, made by hand from the formats' specifications.
enum FileSeeds {
    static let images: [(type: SniffedType, bytes: [UInt8])] = [
        (
            .jpeg,
            [0xFF, 0xD8, 0xFF, 0xE1] + big16(34) + text("Exif\0\0") + exif + [0xFF, 0xFF, 0xC0] + big16(11)
                + [8] + big16(48) + big16(64) + [1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2]
        ),
        (
            .png,
            [0x89] + text("PNG\r\n\u{1A}\n") + chunk("IHDR", big32(64) + big32(48) + [8, 6, 0, 0, 0])
                + chunk("acTL", big32(2) + big32(0)) + chunk("tRNS", [0]) + chunk("eXIf", exif)
                + chunk("IDAT", [0, 0, 0, 0])
        ),
        (.gif, text("GIF89a") + [64, 0, 48, 0, 0x80, 0, 0] + zeros(6) + gifFrame + gifFrame + [0x3B]),
        (
            .webp,
            text("RIFF") + [30, 0, 0, 0] + text("WEBPVP8 ") + [18, 0, 0, 0, 0x10, 0, 0, 0x9D, 1, 0x2A, 64, 0, 48, 0]
                + zeros(8)
        ),
        (.webp, text("RIFF") + [24, 0, 0, 0] + text("WEBPVP8L") + [12, 0, 0, 0, 0x2F, 63, 0, 12, 0] + zeros(7)),
        (
            .webp,
            text("RIFF") + [88, 0, 0, 0] + text("WEBPVP8X") + [10, 0, 0, 0, 0x1A, 0, 0, 0, 63, 0, 0, 47, 0, 0]
                + text("ANMF") + [16, 0, 0, 0] + zeros(16) + text("EXIF") + [26, 0, 0, 0] + exif
        ),
        (
            .bmp,
            text("BM") + [70, 0, 0, 0] + zeros(4) + [54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0]
                + zeros(40)
        ),
        (
            .tiff,
            text("MM\0*") + big32(8) + big16(4) + entry(256, 64) + entry(257, 48) + entry(258, 8) + entry(274, 6)
                + big32(0)
        ),
        (.tiff, text("II*\0") + [8, 0, 0, 0, 1, 0, 0, 1, 3, 0, 1, 0, 0, 0, 64, 0, 0, 0, 8, 0, 0, 0]),
    ]

    static let videos: [[UInt8]] = [
        ftyp("isom")
            + box(
                "moov", box("mvhd", zeros(12) + big32(1000) + big32(4000) + zeros(80)) + track("vide") + track("soun"))
            + box("mdat", zeros(8)),
        ftyp("qt  ") + box("wide", []) + [0, 0, 0, 1] + text("mdat") + zeros(7) + [24] + zeros(8)
            + box(
                "moov",
                box("mvhd", [1, 0, 0, 0] + zeros(16) + big32(600) + zeros(7) + [9]) + track("vide", entry: "encv")
                    + box("mvex", [])),
        box("moov", box("mvhd", zeros(100))), ftyp("iso6") + box("free", zeros(3)) + [0, 0, 0, 0] + text("moov"),
    ]

    static let texts: [[UInt8]] =
        [
            "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n", "1\r\n00:00:01,000 --> 00:00:02,000\r\nhi\r\n",
            "#EXTM3U\n#EXTINF:1,\na.ts\n",
            "ffconcat version 1.0\nfile a", "v=0\r\no=- 0 0 IN IP4 0\r\n", "<?xml version=\"1.0\"?><svg/>",
            "<!DOCTYPE html>", "%PDF-1.7",
            "push graphic-context", "RIFF\0\0\0\0AVI LIST", "\u{1A}Eߣ", "plain text",
        ].map { Array($0.utf8) } + [
            [0x1A, 0x45, 0xDF, 0xA3, 0x87, 0x42, 0x82, 0x84] + text("webm"), [UInt8](repeating: 0x47, count: 600),
            [0xFF, 0xFB, 0x90, 0],
        ]

    static let tokens = [
        "moov", "trak", "mdia", "minf", "stbl", "stsd", "stts", "hdlr", "mdhd", "tkhd", "mvhd", "mvex", "sinf", "frma",
        "ftyp", "mdat",
        "free", "avc1", "encv", "vide", "soun", "IHDR", "IDAT", "IEND", "acTL", "eXIf", "tRNS", "VP8X", "VP8L", "VP8 ",
        "ANMF",
        "EXIF", "Exif\0\0", "GIF89a", "MM\0*", "II*\0", "RIFF", "WEBP", "BM", "<svg", "<html", "-->",
    ]
    static let bytes: [[UInt8]] = [
        [0xFF, 0xD8], [0xFF, 0xE1], [0xFF, 0xC0], [0xFF, 0xDA], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], [0, 0, 0, 1],
        [0, 0, 0, 8],
        [0x21, 0xF9, 4], [0x2C], [0x3B],
    ]

    // MARK: Pieces

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private static func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
    private static func big32(_ value: Int) -> [UInt8] { big16(value >> 16) + big16(value) }

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big32(content.count) + text(type) + content + zeros(4)
    }

    /// A directory's entry of one LONG.
    private static func entry(_ tag: Int, _ value: Int) -> [UInt8] { big16(tag) + big16(4) + big32(1) + big32(value) }

    private static let exif: [UInt8] =
        text("MM\0*") + big32(8) + big16(1) + big16(274) + big16(3) + big32(1) + big16(6) + zeros(6)

    private static let gifFrame: [UInt8] =
        [0x21, 0xF9, 4, 1, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 64, 0, 48, 0, 0, 2, 2, 0x44, 1, 0]

    private static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big32(content.count + 8) + text(type) + content
    }

    private static func ftyp(_ brand: String) -> [UInt8] { box("ftyp", text(brand) + big32(512) + text("isommp42")) }

    private static func track(_ handler: String, entry type: String? = nil) -> [UInt8] {
        let isVideo = handler == "vide"
        let fixed = isVideo ? zeros(24) + big16(64) + big16(48) + zeros(50) : zeros(16) + big16(2) + zeros(10)
        let sample = box(
            type ?? (isVideo ? "avc1" : "mp4a"), fixed + (type == nil ? [] : box("sinf", box("frma", text("avc1")))))
        let table =
            box("stsd", zeros(4) + big32(1) + sample) + box("stts", zeros(4) + big32(1) + big32(120) + big32(1001))
        let media =
            box("mdhd", zeros(12) + big32(30_000) + big32(120_120) + zeros(4))
            + box("hdlr", zeros(8) + text(handler) + zeros(13)) + box("minf", box("stbl", table))
        let matrix = zeros(4) + big32(1 << 16) + zeros(4) + big32(-1 & 0xFFFF_0000) + zeros(16)
        return box("trak", box("tkhd", zeros(40) + matrix + zeros(12)) + box("mdia", media))
    }
}
