/// The smallest files that carry a header, made by hand from the formats' specifications.
enum Samples {
    // MARK: TIFF and Exif

    /// One directory of 16-bit and 32-bit entries.
    static func tiff(
        _ entries: [(tag: Int, value: Int)], littleEndian: Bool = true, next: Int = 0
    ) -> Bytes {
        let short = littleEndian ? Bytes.little16 : Bytes.big16
        let long = littleEndian ? Bytes.little32 : Bytes.big32
        let start = Bytes.text(littleEndian ? "II" : "MM") + short(42) + long(8)
        let body = entries.map { short($0.tag) + short(4) + long(1) + long($0.value) }
        return start + short(entries.count) + Bytes.join(body) + long(next)
    }

    static func exif(orientation: Int, littleEndian: Bool = true) -> Bytes {
        let short = littleEndian ? Bytes.little16 : Bytes.big16
        let long = littleEndian ? Bytes.little32 : Bytes.big32
        return Bytes.text(littleEndian ? "II" : "MM") + short(42) + long(8) + short(1) + short(0x0112) + short(3)
            + long(1)
            + short(orientation) + short(0) + long(0)
    }

    // MARK: Images

    static func jpeg(width: Int, height: Int, orientation: Int? = nil) -> Bytes {
        var file = Bytes.raw(0xFF, 0xD8)
        if let orientation {
            let content = Bytes.text("Exif") + Bytes.zeros(2) + exif(orientation: orientation, littleEndian: false)
            file = file + Bytes.raw(0xFF, 0xE1) + Bytes.big16(content.array.count + 2) + content
        }
        return file + Bytes.raw(0xFF, 0xDB, 0, 4, 0, 0, 0xFF, 0xFF, 0xC2) + Bytes.big16(11) + Bytes.raw(8)
            + Bytes.big16(height) + Bytes.big16(width) + Bytes.raw(1, 1, 0x11, 0) + Bytes.raw(0xFF, 0xDA, 0, 2)
    }

    static func chunk(_ type: String, _ content: Bytes) -> Bytes {
        Bytes.big32(content.array.count) + Bytes.text(type) + content + Bytes.zeros(4)
    }

    static func png(width: Int, height: Int, colorType: UInt8 = 2, extra: Bytes = Bytes()) -> Bytes {
        let header = Bytes.big32(width) + Bytes.big32(height) + Bytes.raw(8, colorType, 0, 0, 0)
        return Bytes.raw(0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A) + chunk("IHDR", header) + extra
            + chunk("IDAT", Bytes.zeros(4)) + chunk("IEND", Bytes())
    }

    static func gif(
        width: Int, height: Int, frames: Int, delay: Int = 10, frameWidth: Int? = nil, trailer: Bool = true
    ) -> Bytes {
        let screen = Bytes.text("GIF89a") + Bytes.little16(width) + Bytes.little16(height) + Bytes.raw(0x80, 0, 0)
        let loop = Bytes.raw(0x21, 0xFF, 11) + Bytes.text("NETSCAPE2.0") + Bytes.raw(3, 1, 0, 0, 0)
        let frame =
            Bytes.raw(0x21, 0xF9, 4, 1) + Bytes.little16(delay) + Bytes.raw(0, 0) + Bytes.raw(0x2C) + Bytes.zeros(4)
            + Bytes.little16(frameWidth ?? width) + Bytes.little16(height) + Bytes.raw(0, 2, 2, 0x44, 1, 0)
        return screen + Bytes.zeros(6) + loop + Bytes.join(Array(repeating: frame, count: frames))
            + (trailer ? Bytes.raw(0x3B) : Bytes())
    }

    static func riff(_ content: Bytes) -> Bytes {
        Bytes.text("RIFF") + Bytes.little32(content.array.count + 4) + Bytes.text("WEBP") + content
    }

    static func webpChunk(_ type: String, _ content: Bytes) -> Bytes {
        Bytes.text(type) + Bytes.little32(content.array.count) + content + Bytes.zeros(content.array.count % 2)
    }

    static func webpLossy(width: Int, height: Int) -> Bytes {
        riff(
            webpChunk(
                "VP8 ",
                Bytes.raw(0x10, 0, 0, 0x9D, 0x01, 0x2A) + Bytes.little16(width) + Bytes.little16(height)
                    + Bytes.zeros(2)))
    }

    static func webpLossless(width: Int, height: Int, alpha: Bool) -> Bytes {
        let bits = (width - 1) | (height - 1) << 14 | (alpha ? 1 << 28 : 0)
        return riff(webpChunk("VP8L", Bytes.raw(0x2F) + Bytes.little32(bits) + Bytes.zeros(7)))
    }

    static func webpExtended(width: Int, height: Int, flags: UInt8, chunks: Bytes) -> Bytes {
        let header = Bytes.raw(flags, 0, 0, 0) + Bytes.little24(width - 1) + Bytes.little24(height - 1)
        return riff(webpChunk("VP8X", header) + chunks)
    }

    static func bmp(width: Int, height: Int, bits: Int = 24) -> Bytes {
        Bytes.text("BM") + Bytes.little32(54) + Bytes.zeros(4) + Bytes.little32(54) + Bytes.little32(40)
            + Bytes.little32(width) + Bytes.little32(height) + Bytes.little16(1) + Bytes.little16(bits)
            + Bytes.zeros(24)
    }

    // MARK: Video

    struct Movie {
        var width = 640
        var height = 360
        var matrix = [1, 0, 0, 1]
        var codec = "avc1"
        var times: [(count: Int, delta: Int)] = [(300, 1001)]
        var isLong = false
        var isFragmented = false
        var isEncrypted = false
    }

    static let ftyp = Bytes.box("ftyp", .text("isom"), .big32(512), .text("isom"), .text("mp42"))

    static func mp4(_ movie: Movie = Movie(), fastStart: Bool = true) -> Bytes {
        let data = Bytes.box("mdat", .zeros(16))
        return fastStart ? ftyp + moov(movie) + data : ftyp + data + moov(movie)
    }

    static func moov(_ movie: Movie) -> Bytes {
        let mvhd =
            movie.isLong
            ? Bytes.raw(1, 0, 0, 0) + .zeros(16) + .big32(1000) + .big64(10_010) + .zeros(80)
            : Bytes.zeros(12) + .big32(1000) + .big32(10_010) + .zeros(80)
        let picture = track("vide", picture(movie), movie.matrix, movie.times)
        let sound = track("soun", .box("mp4a", .zeros(16), .big16(2), .zeros(10)), [1, 0, 0, 1], [(100, 1024)])
        let extends = movie.isFragmented ? Bytes.box("mvex", .box("trex", .zeros(24))) : Bytes()
        return Bytes.box("moov", .box("mvhd", mvhd), picture, sound, extends)
    }

    private static func picture(_ movie: Movie) -> Bytes {
        let fields = Bytes.zeros(24) + .big16(movie.width) + .big16(movie.height) + .zeros(50)
        guard movie.isEncrypted else { return .box(movie.codec, fields, .box("avcC", .zeros(8))) }
        return .box("encv", fields, .box("sinf", .box("frma", .text(movie.codec)), .box("schm", .zeros(12))))
    }

    private static func track(
        _ handler: String, _ entry: Bytes, _ matrix: [Int], _ times: [(count: Int, delta: Int)]
    ) -> Bytes {
        let fixed = matrix.map { Bytes.big32($0 << 16) }
        let tkhd =
            Bytes.zeros(40) + fixed[0] + fixed[1] + .zeros(4) + fixed[2] + fixed[3] + .zeros(12) + .big32(1 << 30)
            + .zeros(8)
        let stts = Bytes.zeros(4) + .big32(times.count) + .join(times.map { .big32($0.count) + .big32($0.delta) })
        let table = Bytes.box("stbl", .box("stsd", .zeros(4), .big32(1), entry), .box("stts", stts))
        let media = Bytes.box(
            "mdia", .box("mdhd", .zeros(12), .big32(30_000), .big32(300_300), .zeros(4)),
            .box("hdlr", .zeros(8), .text(handler), .zeros(13)), .box("minf", table))
        return .box("trak", .box("tkhd", tkhd), media)
    }
}
