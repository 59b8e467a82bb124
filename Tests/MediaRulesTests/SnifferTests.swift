import MediaRules
import Testing
import XMedia

@Suite("Sniffing types")
struct SnifferTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let type: SniffedType

        init(_ name: String, _ bytes: Bytes, _ type: SniffedType) {
            self.name = name
            self.bytes = bytes.array
            self.type = type
        }

        var testDescription: String { "\(name) is \(type)" }
    }

    static func packets(_ count: Int, length: Int, sync: Int = 0) -> Bytes {
        var packet = [UInt8](repeating: 0xFF, count: length)
        packet[sync] = 0x47
        return .join(Array(repeating: Bytes(packet), count: count))
    }

    static func ebml(_ docType: String) -> Bytes {
        let type = Bytes.raw(0x42, 0x82, 0x80 | UInt8(docType.utf8.count)) + .text(docType)
        let content = Bytes.raw(0x42, 0x86, 0x81, 1) + type
        return .raw(0x1A, 0x45, 0xDF, 0xA3, 0x80 | UInt8(content.array.count)) + content + .zeros(8)
    }

    static func ftyp(_ major: String, _ compatible: String = "isom") -> Bytes {
        .box("ftyp", .text(major), .big32(0), .text(compatible))
    }

    static let accepted = [
        Case("JPEG", Samples.jpeg(width: 8, height: 8), .jpeg),
        Case("PNG", Samples.png(width: 8, height: 8), .png),
        Case("GIF", Samples.gif(width: 8, height: 8, frames: 1), .gif),
        Case("lossy WebP", Samples.webpLossy(width: 8, height: 8), .webp),
        Case("BMP", Samples.bmp(width: 8, height: 8), .bmp),
        Case("little-endian TIFF", Samples.tiff([(256, 8)]), .tiff),
        Case("big-endian TIFF", Samples.tiff([(256, 8)], littleEndian: false), .tiff),
        Case("MP4", Samples.mp4(), .mp4),
        Case("iTunes MP4", ftyp("M4V "), .mp4),
        Case("QuickTime by brand", ftyp("qt  "), .quickTime),
        Case("QuickTime that begins with moov", .box("moov", .zeros(40)) + .box("mdat", .zeros(8)), .quickTime),
        Case("QuickTime that begins with wide", .box("wide") + .box("mdat", .zeros(8)), .quickTime),
        Case(
            "QuickTime with a long mdat", .big32(1) + .text("mdat") + .big64(24) + .zeros(8) + .box("moov", .zeros(8)),
            .quickTime),
        Case("WebM", ebml("webm"), .webm),
        Case("MPEG-TS", packets(5, length: 188), .mpegTS),
        Case("MPEG-TS with time codes", packets(5, length: 192, sync: 4), .mpegTS),
        Case("MPEG-TS with error correction", packets(5, length: 204), .mpegTS),
        Case("SRT", .text("1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n"), .srt),
        Case("SRT with a byte order mark", .raw(0xEF, 0xBB, 0xBF) + .text("1\n00:00:01,0 --> 00:00:02,5\nä\n"), .srt),
        Case("WebVTT", .text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"), .vtt),
        Case("WebVTT with a title", .text("WEBVTT - Title\n"), .vtt),
    ]

    static let refused = [
        Case("Matroska", ebml("matroska"), .matroska),
        Case("AVIF", ftyp("avif"), .avif),
        Case("AVIF by compatible brand", ftyp("mif1", "avif"), .avif),
        Case("HEIC", ftyp("heic"), .heic),
        Case("SVG", .text("<?xml version=\"1.0\"?>\n<!-- x -->\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), .svg),
        Case("HTML", .text("<!DOCTYPE html><title>x</title>"), .html),
        Case("DASH", .text("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"/>"), .dash),
        Case("XML", .text("<?xml version=\"1.0\"?><a/>"), .xml),
        Case("HLS playlist", .text("#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n"), .hls),
        Case("ffconcat", .text("ffconcat version 1.0\nfile /etc/passwd\n"), .ffconcat),
        Case("SDP", .text("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n"), .sdp),
        Case("MVG", .text("push graphic-context\nimage over 0,0 0,0 'x'\n"), .mvg),
        Case("PDF", .text("%PDF-1.7\n"), .pdf),
        Case("PostScript", .text("%!PS-Adobe-3.0\n"), .postScript),
        Case("ZIP", .text("PK") + .raw(3, 4), .zip),
        Case("AVI", .text("RIFF") + .little32(40) + .text("AVI LIST"), .avi),
        Case("WAV", .text("RIFF") + .little32(40) + .text("WAVEfmt "), .wav),
        Case("FLAC", .text("fLaC") + .zeros(4), .flac),
        Case("Ogg", .text("OggS") + .zeros(4), .ogg),
        Case("MP3 with a tag", .text("ID3") + .raw(4, 0), .mp3),
        Case("MP3 without a tag", .raw(0xFF, 0xFB, 0x90, 0x64), .mp3),
        Case("BigTIFF", .text("II") + .raw(0x2B, 0, 8, 0), .bigTIFF),
        Case("binary glTF", .text("glTF") + .little32(2), .gltf),
    ]

    static let unknown = [
        Case("an empty file", Bytes(), .unknown),
        Case("plain text", .text("Hello, world\n"), .unknown),
        Case("a text that begins with BM", .text("BMW is a maker of cars and motorcycles.\n"), .unknown),
        Case("a text that begins with WEBVTTX", .text("WEBVTTX\n"), .unknown),
        Case("one sync byte", .text("G") + .zeros(900), .unknown),
        Case("two transport packets", packets(2, length: 188), .unknown),
        Case("ftyp with a lying length", .big32(1 << 20) + .text("ftypisom") + .zeros(8), .unknown),
        Case("ftyp shorter than its header", .big32(8) + .text("ftypisom") + .zeros(8), .unknown),
        Case("ftyp with an unprintable brand", .big32(16) + .text("ftyp") + .zeros(8), .unknown),
        Case("moov longer than the file", .big32(500) + .text("moov") + .zeros(8), .unknown),
        Case("moov followed by rubbish", .box("moov", .zeros(8)) + .text("rubbish rubbish!"), .unknown),
        Case("EBML of an unknown kind", ebml("mymedia"), .unknown),
        Case("RIFF with a lying WebP chunk", .text("RIFF") + .little32(40) + .text("WEBPJUNK"), .unknown),
    ]

    @Test("by content", arguments: accepted + refused + unknown)
    func sniff(_ file: Case) throws {
        #expect(try Sniffer.sniff(ArrayByteSource(file.bytes)) == file.type)
    }

    @Test("exactly the types with an API name are accepted by a category")
    func mediaTypes() {
        #expect(SnifferTests.accepted.allSatisfy { $0.type.mediaType != nil })
        #expect((SnifferTests.refused + SnifferTests.unknown).allSatisfy { $0.type.mediaType == nil })
    }

    @Test("a file renamed or declared otherwise keeps its type: a playlist declared video/mp4 does not match")
    func declared() {
        #expect(Sniffer.declared(.mp4, matches: .mp4))
        #expect(Sniffer.declared(.mp4, matches: .quickTime))
        #expect(Sniffer.declared(.quickTime, matches: .mp4))
        #expect(Sniffer.declared(.pjpeg, matches: .jpeg))
        #expect(Sniffer.declared(.jpeg, matches: .jpeg))
        #expect(!Sniffer.declared(.png, matches: .jpeg))
        #expect(!Sniffer.declared(.mp4, matches: .webm))
        #expect(!Sniffer.declared(.mp4, matches: .hls))
        #expect(!Sniffer.declared(.webm, matches: .matroska))
        #expect(!Sniffer.declared(.mp4, matches: .unknown))
    }

    @Test("truncations and mutations never trap", arguments: accepted + refused)
    func hostile(_ file: Case) throws {
        var answers = 0
        try forHostileVariants(of: Array(file.bytes.prefix(1200)), mutations: 500) {
            _ = try Sniffer.sniff($0)
            answers += 1
        }
        #expect(answers == min(file.bytes.count, 1200) + 500)
    }

    @Test("a huge file costs one window")
    func bounded() throws {
        let source = EndlessSource(head: [], pattern: [0x20])
        #expect(try Sniffer.sniff(source) == .unknown)
        #expect(source.bytesRead <= Sniffer.window)
    }
}
