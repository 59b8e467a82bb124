import MediaRules
import Testing

@Suite("Image headers")
struct ImageHeaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let type: SniffedType
        let bytes: [UInt8]
        let header: ImageHeader

        init(_ name: String, _ type: SniffedType, _ bytes: Bytes, _ width: Int, _ height: Int) {
            self.init(name, type, bytes, width, height) { _ in }
        }

        init(
            _ name: String, _ type: SniffedType, _ bytes: Bytes, _ width: Int, _ height: Int,
            _ change: (inout ImageHeader) -> Void
        ) {
            self.name = name
            self.type = type
            self.bytes = bytes.array
            var header = ImageHeader(width: width, height: height)
            change(&header)
            self.header = header
        }

        var testDescription: String { name }
    }

    static let frame = Samples.webpChunk("ANMF", .zeros(24))
    static let cases = [
        Case("progressive JPEG", .jpeg, Samples.jpeg(width: 640, height: 480), 640, 480),
        Case("JPEG turned by Exif", .jpeg, Samples.jpeg(width: 640, height: 480, orientation: 6), 640, 480) {
            $0.orientation = 6
        },
        Case("PNG", .png, Samples.png(width: 300, height: 200), 300, 200),
        Case("PNG with alpha", .png, Samples.png(width: 3, height: 2, colorType: 6), 3, 2) { $0.hasAlpha = true },
        Case(
            "PNG with Exif", .png,
            Samples.png(width: 3, height: 2, extra: Samples.chunk("eXIf", Samples.exif(orientation: 8))), 3, 2
        ) { $0.orientation = 8 },
        Case(
            "animated PNG", .png,
            Samples.png(width: 3, height: 2, extra: Samples.chunk("acTL", .big32(5) + .big32(0))), 3, 2
        ) { $0.frameCount = 5 },
        Case("GIF of one frame", .gif, Samples.gif(width: 32, height: 16, frames: 1), 32, 16) { $0.hasAlpha = true },
        Case("GIF of three frames", .gif, Samples.gif(width: 32, height: 16, frames: 3, delay: 5), 32, 16) {
            $0.frameCount = 3
            $0.hasAlpha = true
            $0.durationMs = 150
        },
        Case(
            "GIF with no delays plays at 10 a second", .gif, Samples.gif(width: 8, height: 8, frames: 2, delay: 0), 8, 8
        ) {
            $0.frameCount = 2
            $0.hasAlpha = true
            $0.durationMs = 200
        },
        Case("GIF without trailer", .gif, Samples.gif(width: 8, height: 8, frames: 2, trailer: false), 8, 8) {
            $0.frameCount = 2
            $0.hasAlpha = true
            $0.durationMs = 200
        },
        Case(
            "GIF whose frame is wider than its screen", .gif,
            Samples.gif(width: 1, height: 8, frames: 1, frameWidth: 60_000), 60_000, 8
        ) { $0.hasAlpha = true },
        Case("lossy WebP", .webp, Samples.webpLossy(width: 500, height: 400), 500, 400),
        Case("lossless WebP with alpha", .webp, Samples.webpLossless(width: 16384, height: 9, alpha: true), 16384, 9) {
            $0.hasAlpha = true
        },
        Case(
            "animated WebP", .webp,
            Samples.webpExtended(width: 70_000, height: 50, flags: 0x12, chunks: frame + frame + frame), 70_000, 50
        ) {
            $0.frameCount = 3
            $0.hasAlpha = true
        },
        Case(
            "WebP with Exif", .webp,
            Samples.webpExtended(
                width: 5, height: 4, flags: 0x08,
                chunks: Samples.webpChunk("VP8 ", .zeros(11)) + Samples.webpChunk("EXIF", Samples.exif(orientation: 3))),
            5, 4
        ) { $0.orientation = 3 },
        Case("BMP", .bmp, Samples.bmp(width: 20, height: 10), 20, 10),
        Case("BMP from top to bottom", .bmp, Samples.bmp(width: 20, height: -10), 20, 10),
        Case("TIFF", .tiff, Samples.tiff([(256, 90), (257, 60), (258, 16), (274, 5)]), 90, 60) {
            $0.bitDepth = 16
            $0.orientation = 5
        },
        Case("big-endian TIFF", .tiff, Samples.tiff([(256, 90), (257, 60)], littleEndian: false), 90, 60) {
            $0.bitDepth = 1
        },
    ]

    @Test("are read", arguments: cases)
    func read(_ image: Case) throws {
        #expect(try ImageHeader.read(ArrayByteSource(image.bytes), type: image.type) == image.header)
    }

    @Test("orientations 5 to 8 swap the sides on display", arguments: 1...8)
    func display(orientation: Int) {
        var header = ImageHeader(width: 4, height: 3)
        header.orientation = orientation
        #expect((header.displayWidth, header.displayHeight) == (orientation < 5 ? (4, 3) : (3, 4)))
    }

    @Test("an orientation outside of 1…8 counts as upright", arguments: [0, 9, 65_535])
    func badOrientation(value: Int) throws {
        let file = Samples.jpeg(width: 2, height: 2, orientation: value).array
        #expect(try ImageHeader.read(ArrayByteSource(file), type: .jpeg).orientation == 1)
    }

    @Test("pages of a TIFF are counted along their chain")
    func pages() throws {
        let second = 8 + 2 + 24 + 4
        let file = Samples.tiff([(256, 90), (257, 60)], next: second) + .little16(0) + .little32(0)
        #expect(try ImageHeader.read(ArrayByteSource(file.array), type: .tiff).pageCount == 2)
    }

    @Test("truncation at any byte and 500 mutations end in a header or a typed error", arguments: cases)
    func hostile(_ image: Case) {
        var answers = 0
        forHostileVariants(of: image.bytes, mutations: 500) { source in
            do throws(HeaderError) {
                let header = try ImageHeader.read(source, type: image.type)
                if header.width < 1 || header.height < 1 || header.frameCount < 1 { Issue.record("\(header)") }
            } catch {
                if case .source = error { Issue.record("an error of the source that threw none") }
            }
            answers += 1
        }
        #expect(answers == image.bytes.count + 500)
    }

    struct Lie: Sendable, CustomTestStringConvertible {
        let name: String
        let type: SniffedType
        let bytes: [UInt8]

        init(_ name: String, _ type: SniffedType, _ bytes: Bytes) {
            self.name = name
            self.type = type
            self.bytes = bytes.array
        }

        var testDescription: String { name }
    }

    @Test(
        "the scans of a JPEG are counted to its end, wherever that is",
        arguments: [
            (Bytes(), 1), (.raw(0xFF, 0xD9), 1),
            (.raw(0xFF, 0xDA, 0, 2, 1, 0xFF, 0, 0xFF, 0xD3, 0xFF, 0xFF, 0xD9), 2),
            (.raw(0xFF, 0xC4, 0, 4, 0xFF, 0xDA, 0xFF, 0xDA, 0, 4, 0xFF, 0xDA, 5), 2),
            (Bytes((0..<300_000).flatMap { _ in [0xFF, 0xDA, 0, 3, 1, 0x12] }), 300_001),
        ])
    func scans(rest: Bytes, count: Int) throws {
        let file = Samples.jpeg(width: 640, height: 480) + rest
        let header = try ImageHeader.read(ArrayByteSource(file.array), type: .jpeg)
        #expect(header.scanCount == count)
    }

    @Test("a JPEG whose first scan has all components has no other")
    func oneScan() throws {
        let file = Bytes.raw(
            0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 8, 1, 0, 0, 0, 0, 0, 7, 0xFF,
            0xDA,
            0, 2)
        #expect(try ImageHeader.read(ArrayByteSource(file.array), type: .jpeg).scanCount == 1)
    }

    static let lies = [
        Lie("JPEG of no width", .jpeg, Samples.jpeg(width: 0, height: 480)),
        Lie(
            "JPEG of 247 bits a sample", .jpeg, Bytes.raw(0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 247, 0, 9, 0, 9, 1, 1, 0x11, 0)
        ),
        Lie("JPEG of no height (DNL)", .jpeg, Samples.jpeg(width: 640, height: 0)),
        Lie("JPEG segment of length 0", .jpeg, .raw(0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0, 0)),
        Lie("JPEG without frame header", .jpeg, .raw(0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0, 0)),
        Lie("PNG of 2³¹ pixels", .png, Samples.png(width: 1 << 31, height: 1)),
        Lie("PNG chunk of 4 GiB", .png, Samples.png(width: 1, height: 1, extra: .big32(0xFFFF_FFFF) + .text("tEXt"))),
        Lie("PNG chunk beyond the end", .png, Samples.png(width: 1, height: 1, extra: .big32(1 << 30) + .text("tEXt"))),
        Lie("GIF without picture", .gif, Samples.gif(width: 8, height: 8, frames: 0)),
        Lie("GIF of no size", .gif, Samples.gif(width: 0, height: 0, frames: 1)),
        Lie("WebP of no width", .webp, Samples.webpLossy(width: 0, height: 4)),
        Lie(
            "WebP chunk beyond the end", .webp,
            Samples.webpExtended(width: 4, height: 4, flags: 2, chunks: .text("ANMF") + .little32(1 << 31) + .zeros(9))),
        Lie("BMP of no width", .bmp, Samples.bmp(width: 0, height: 4)),
        Lie("BMP of negative width", .bmp, Samples.bmp(width: -4, height: 4)),
        Lie("TIFF without dimensions", .tiff, Samples.tiff([(274, 1)])),
        Lie("TIFF directory in its header", .tiff, .text("II") + .little16(42) + .little32(2) + .zeros(40)),
        Lie("TIFF chain in a circle", .tiff, Samples.tiff([(256, 9), (257, 9)], next: 8)),
        Lie("TIFF chain beyond the end", .tiff, Samples.tiff([(256, 9), (257, 9)], next: 1 << 30)),
        Lie("a type without reader", .pdf, .text("%PDF-1.7")),
    ]

    @Test("a lying header is refused", arguments: lies)
    func lying(_ lie: Lie) {
        #expect(throws: HeaderError.self) { try ImageHeader.read(ArrayByteSource(lie.bytes), type: lie.type) }
    }

    static let endless: [(SniffedType, head: Bytes, pattern: Bytes)] = [
        (.jpeg, .raw(0xFF, 0xD8), .raw(0xFF)),
        (.jpeg, .raw(0xFF, 0xD8), .raw(0xFF, 0xE0, 0, 2)),
        (.jpeg, .raw(0xFF, 0xD8), .raw(0xFF, 0xD0)),
        (.png, Bytes(Array(Samples.png(width: 1, height: 1).array.prefix(33))), .zeros(12)),
        (.gif, Bytes(Array(Samples.gif(width: 1, height: 1, frames: 0).array.prefix(19))), .raw(0x21, 0xFE, 0)),
        (
            .gif, Bytes(Array(Samples.gif(width: 1, height: 1, frames: 0).array.prefix(19))),
            .raw(0x2C) + .zeros(8) + .raw(0, 2, 0)
        ),
        (
            .webp,
            .text("RIFF") + .raw(0xFF, 0xFF, 0xFF, 0xFF) + .text("WEBPVP8X") + .little32(10) + .raw(2) + .zeros(9),
            .zeros(8)
        ),
    ]

    @Test("a file without end is given up within a bounded number of bytes", arguments: 0..<7)
    func bounded(index: Int) {
        let (type, head, pattern) = ImageHeaderTests.endless[index]
        let source = EndlessSource(head: head.array, pattern: pattern.array, size: 1 << 22)
        #expect(throws: HeaderError.self) { try ImageHeader.read(source, type: type) }
        #expect(source.bytesRead <= 1 << 22)
    }

    struct Broken: Error {}
    struct BrokenSource: ByteSource {
        var size: Int64 { 100 }
        func read(at offset: Int64, count: Int) throws -> [UInt8] { throw Broken() }
    }

    @Test("an error of the source comes through")
    func sourceError() {
        #expect {
            try ImageHeader.read(BrokenSource(), type: .png)
        } throws: { error in
            guard case .source(let inner)? = error as? HeaderError else { return false }
            return inner is Broken
        }
    }
}
