import MediaRules
import Testing

@Suite("MP4 headers")
struct MP4HeaderTests {
    func header(_ movie: Samples.Movie = Samples.Movie(), fastStart: Bool = true) throws -> MP4Header {
        try MP4Header.read(ArrayByteSource(Samples.mp4(movie, fastStart: fastStart).array))
    }

    @Test("tell brands, duration, tracks and rate")
    func read() throws {
        let header = try header()
        #expect(header.brands == ["isom", "isom", "mp42"])
        #expect(header.durationMs == 10_010)
        #expect(header.videoTracks == 1)
        #expect(header.audioTracks == 1)
        #expect(header.audio?.codec == "mp4a")
        #expect(header.audio?.channels == 2)
        let video = try #require(header.video)
        #expect((video.width, video.height, video.codec) == (640, 360, "avc1"))
        #expect(abs((video.frameRate ?? 0) - 29.97) < 0.01)
        #expect(!video.isVariableFrameRate)
        #expect(!header.isFragmented)
        #expect(!header.isEncrypted)
    }

    @Test("moov before mdat is a fast start, behind it is not")
    func fastStart() throws {
        #expect(try header().isFastStart)
        #expect(try !header(fastStart: false).isFastStart)
    }

    @Test("64-bit times are read")
    func long() throws {
        #expect(try header(Samples.Movie(isLong: true)).durationMs == 10_010)
    }

    @Test(
        "the matrix tells the rotation, clockwise",
        arguments: [
            ([1, 0, 0, 1], 0), ([0, 1, -1, 0], 90), ([-1, 0, 0, -1], 180), ([0, -1, 1, 0], 270), ([2, 2, 2, 2], 0),
        ])
    func rotation(matrix: [Int], degrees: Int) throws {
        #expect(try header(Samples.Movie(matrix: matrix)).video?.rotation == degrees)
    }

    @Test("an encrypted track tells its true format")
    func encrypted() throws {
        let header = try header(Samples.Movie(isEncrypted: true))
        #expect(header.isEncrypted)
        #expect(header.video?.codec == "avc1")
    }

    @Test("mvex means fragmented")
    func fragmented() throws {
        #expect(try header(Samples.Movie(isFragmented: true)).isFragmented)
    }

    @Test("samples of different length are a variable rate, a filling last one is not")
    func variable() throws {
        let uneven = Samples.Movie(times: [(10, 1000), (10, 2000)])
        let filled = Samples.Movie(times: [(299, 1001), (1, 500)])
        #expect(try header(uneven).video?.isVariableFrameRate == true)
        #expect(try header(filled).video?.isVariableFrameRate == false)
        #expect(try header(Samples.Movie(times: [])).video?.frameRate == nil)
    }

    @Test("truncation at any byte and 10,000 mutations end in a header or a typed error", arguments: [true, false])
    func hostile(fastStart: Bool) {
        let movie = Samples.Movie(isFragmented: true, isEncrypted: true)
        let file = Samples.mp4(movie, fastStart: fastStart).array
        var answers = 0
        forHostileVariants(of: file, mutations: 5000) { source in
            _ = try? MP4Header.read(source)
            answers += 1
        }
        #expect(answers == file.count + 5000)
    }

    static let lies: [(String, Bytes)] = [
        ("no moov", Samples.ftyp + .box("mdat", .zeros(8))),
        ("a box of 4 bytes", Samples.ftyp + .big32(4) + .text("moov")),
        ("a box beyond the end", Samples.ftyp + .big32(1 << 30) + .text("moov") + .zeros(40)),
        ("a 64-bit length of all ones", Samples.ftyp + .big32(1) + .text("moov") + .big64(-1) + .zeros(8)),
        ("a 64-bit length below its header", Samples.ftyp + .big32(1) + .text("moov") + .big64(8) + .zeros(8)),
        ("a child longer than its parent", .box("moov", .big32(1000) + .text("trak")) + .box("free", .zeros(2000))),
        ("a short mvhd", .box("moov", .box("mvhd", .zeros(8)))),
        ("no sample description", .box("moov", track(.box("stsd", .zeros(8))))),
        ("a short sample description", .box("moov", track(.box("stsd", .zeros(8), .box("avc1", .zeros(20)))))),
    ]

    static func track(_ stsd: Bytes) -> Bytes {
        .box(
            "trak",
            .box("mdia", .box("hdlr", .zeros(8), .text("vide"), .zeros(13)), .box("minf", .box("stbl", stsd))))
    }

    @Test("a lying structure is refused", arguments: 0..<9)
    func lying(index: Int) {
        let (name, bytes) = MP4HeaderTests.lies[index]
        #expect(throws: HeaderError.self, "\(name)") { try MP4Header.read(ArrayByteSource(bytes.array)) }
    }

    @Test("an stts that claims 2³² entries, and sums beyond 64 bits, do no harm")
    func counts() throws {
        let huge = Samples.Movie(times: Array(repeating: (count: 0xFFFF_FFFF, delta: 0xFFFF_FFFF), count: 5))
        #expect(try header(huge).video != nil)
        #expect(throws: HeaderError.self) {
            let sane = Bytes.text("stts") + .big32(0) + .big32(1)
            var file = Samples.mp4().array
            let place = try #require(file.indices.first { file[$0...].starts(with: sane.array) })
            file.replaceSubrange(place + 8..<place + 12, with: [0xFF, 0xFF, 0xFF, 0xFF])
            _ = try MP4Header.read(ArrayByteSource(file))
        }
    }

    @Test(
        "endless boxes are given up within the budget",
        arguments: [
            [0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65],
            [0, 1, 0, 0] + Array("free".utf8) + [UInt8](repeating: 0, count: 65_528),
        ])
    func endless(pattern: [UInt8]) {
        let source = EndlessSource(head: [], pattern: pattern)
        #expect(throws: HeaderError.self) { try MP4Header.read(source) }
        #expect(source.bytesRead <= 16 << 20)
    }
}
