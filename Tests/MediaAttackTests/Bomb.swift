import Foundation
import HostileMedia
import Testing

/// A file that is small or honest-looking and wants much.
struct Bomb: Sendable, CustomTestStringConvertible {
    /// What must come of it.
    enum Expectation: Sendable {
        /// Refused by this rule.
        case refused(String)
        /// Processed.
        case processed
        /// Processed, or refused with whatever reason.
        case either
    }

    let name: String
    let category: String
    let expectation: Expectation
    /// Ten times what it takes on a small machine.
    var seconds = 30.0
    /// Only asked for by name.
    var isHeavy = false
    let make: @Sendable () throws -> [UInt8]

    var testDescription: String { name }

    init(
        _ name: String, _ expectation: Expectation, in category: String = "tweet_image", seconds: Double = 30,
        isHeavy: Bool = false, _ make: @escaping @Sendable () throws -> [UInt8]
    ) {
        self.name = name
        self.category = category
        self.expectation = expectation
        self.seconds = seconds
        self.isHeavy = isHeavy
        self.make = make
    }

    /// A second of 64×64 H.264, of which further files are made.
    static let movie: ISOFile.Track? = {
        let file = try? Tool.ffmpeg(
            "movie.mp4", "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v libx264 -pix_fmt yuv420p -bf 0 -g 1000")
        return file.flatMap { ISOFile.Track(of: $0) }
    }()

    /// A movie with a change.
    static func movie(_ change: (inout ISOFile) -> Void) throws -> [UInt8] {
        guard let movie else { throw Tool.Failure(text: "no movie") }
        var file = ISOFile(movie)
        change(&file)
        return file.bytes
    }

    /// In profile `x`.
    static let images: [Bomb] = [
        Bomb("PNG of 20000×20000 in 48 KB", .refused("image.dimensions")) {
            PNGFile.zeros(width: 20_000, height: 20_000, depth: 1, colourType: 0)
        },
        Bomb("PNG of 12000×12000 in 420 KB", .refused("image.dimensions")) {
            PNGFile.zeros(width: 12_000, height: 12_000, depth: 8, colourType: 2)
        },
        Bomb("PNG of 8192×8192 in 8 KB, the largest allowed", .processed, seconds: 60) {
            PNGFile.zeros(width: 8192, height: 8192, depth: 1, colourType: 0)
        },
        Bomb("PNG of 8192×8192 with 64 bits a pixel in 520 KB", .processed, seconds: 100, isHeavy: true) {
            PNGFile.zeros(width: 8192, height: 8192, depth: 16, colourType: 6)
        },
        Bomb("JPEG of 64250×64250 in 1 KB", .refused("image.dimensions")) {
            JPEGFile.resized(
                try Tool.ffmpeg("a.jpg", "-f lavfi -i color=s=64x64 -frames:v 1"), width: 64_250, height: 64_250)
        },
        Bomb("JPEG of 8192×8192 whose data end soon", .either) {
            JPEGFile.resized(
                try Tool.ffmpeg("a.jpg", "-f lavfi -i color=s=64x64 -frames:v 1"), width: 8192, height: 8192)
        },
        Bomb("JPEG of 500 scans", .either, seconds: 60) {
            JPEGFile.scans(width: 2048, height: 2048, count: 500)
        },
        Bomb("JPEG of 20000 scans of 8192×8192 in 3 MB", .refused("image.scans")) {
            JPEGFile.scans(width: 8192, height: 8192, count: 20_000, inRuns: true)
        },
        Bomb("GIF of 5000 frames", .refused("gif.frames"), in: "tweet_gif") {
            GIFFile.animation(width: 64, height: 64, frames: 5000, delay: 2)
        },
        Bomb("GIF of 20000 frames", .refused("file.damaged"), in: "tweet_gif") {
            GIFFile.animation(width: 64, height: 64, frames: 20_000, delay: 2)
        },
        Bomb("GIF of 300 frames that runs for 54 hours", .refused("gif.duration"), in: "tweet_gif") {
            GIFFile.animation(width: 1280, height: 720, frames: 300, delay: 65_535)
        },
        Bomb("GIF of 2 frames that runs for 22 minutes, as image", .refused("gif.duration")) {
            GIFFile.animation(width: 1280, height: 720, frames: 2, delay: 65_535)
        },
        Bomb("GIF of 350 frames and 9 minutes", .processed, in: "tweet_gif", seconds: 600, isHeavy: true) {
            GIFFile.animation(width: 1190, height: 720, frames: 350, delay: 154)
        },
        Bomb("WebP animation of 5000 frames", .refused("file.type")) {
            WebPFile.animation(width: 640, height: 480, frames: 5000)
        },
        Bomb("TIFF of 5000 pages", .refused("file.damaged")) {
            TIFFFile.file(pages: (0..<5000).map { _ in [.long(256, 64), .long(257, 64), .short(262, 2)] })
        },
        Bomb("TIFF of 900 pages", .either) {
            TIFFFile.file(pages: (0..<900).map { _ in [.long(256, 64), .long(257, 64), .short(262, 2)] })
        },
        Bomb("TIFF of 8192×8192 whose only strip is 4 GB long", .refused("image.decodable")) {
            TIFFFile.file(pages: [
                [
                    .long(256, 8192), .long(257, 8192), .shorts(258, [8, 8, 8]), .short(259, 1), .short(262, 2),
                    .long(273, 8), .short(277, 3), .long(278, 0xFFFF_FFFF), .long(279, 0xFFFF_FFFF),
                ]
            ])
        },
        Bomb("TIFF of 65535 channels", .refused("image.decodable")) {
            TIFFFile.file(pages: [
                [
                    .long(256, 8192), .long(257, 8192), .short(258, 8), .short(259, 1), .short(262, 1), .long(273, 8),
                    .short(277, 65_535), .long(278, 8192), .long(279, 0x7FFF_FFFF),
                ]
            ])
        },
        Bomb("BMP of 8192×8192 without pixels", .refused("image.decodable")) {
            let size: [UInt8] = .little32(8192) + [UInt8].little32(8192)
            let head: [UInt8] = Array("BM".utf8) + [UInt8].little32(60) + .zeros(4) + .little32(54)
            return head + [UInt8].little32(40) + size + [1, 0, 24, 0] + [UInt8].zeros(30)
        },
    ]

    /// In profile `x`.
    static let videos: [Bomb] = [
        Bomb("MP4 of a million edits", .either, in: "tweet_video", seconds: 120) {
            try movie { $0.edits = 1_000_000 }
        },
        Bomb("MP4 of boxes 100000 deep", .either, in: "tweet_video") {
            try movie { $0.extra = ISOFile.nested(["udta", "meta", "moov", "trak"], depth: 100_000) }
        },
        Bomb(
            "MP4 that announces 20 million samples in 9 KB", .refused("video.stream"), in: "tweet_video",
            seconds: 120
        ) {
            try movie {
                $0.timeScale = 10_000_000
                $0.duration = 20_000_000
                $0.samplesInChunk = 20_000_000
                $0.track.sizes = .big32(1) + [UInt8].big32(20_000_000)
                $0.track.times = .big32(1) + .big32(20_000_000) + [UInt8].big32(1)
            }
        },
        Bomb("MP4 that announces 4 billion samples", .either, in: "tweet_video", seconds: 120) {
            try movie {
                $0.samplesInChunk = 0xFFFF_FFFF
                $0.track.sizes = .big32(1) + [UInt8].big32(0xFFFF_FFFF)
                $0.track.times = .big32(1) + .big32(0xFFFF_FFFF) + [UInt8].big32(1)
            }
        },
        Bomb("MP4 whose samples are 2 GB each", .either, in: "tweet_video") {
            try movie { $0.track.sizes = .big32(0x7FFF_FFFF) + [UInt8].big32(25) }
        },
        Bomb("MP4 whose table of sizes is longer than the file", .either, in: "tweet_video") {
            try movie { $0.track.sizes = .big32(0) + [UInt8].big32(0x3FFF_FFFF) + .zeros(100) }
        },
        Bomb("MP4 whose samples lie beyond the end", .either, in: "tweet_video") {
            try movie { $0.chunkOffset = 0x7FFF_FFFF_FFFF_0000 }
        },
        Bomb("MP4 of 2^63 units", .either, in: "tweet_video") { try movie { $0.duration = 1 << 63 } },
        Bomb("MP4 of 2^64 - 1 units", .either, in: "tweet_video") { try movie { $0.duration = .max } },
        Bomb("MP4 without a time scale", .either, in: "tweet_video") { try movie { $0.timeScale = 0 } },
        Bomb("MP4 whose frames last 2^31 units", .either, in: "tweet_video", seconds: 120) {
            try movie { $0.track.times = .big32(1) + .big32(25) + [UInt8].big32(0x7FFF_FFFF) }
        },
        Bomb("MP4 that claims 65535×65535", .either, in: "tweet_video") {
            try movie { $0.size = (65_535, 65_535) }
        },
        Bomb("MP4 of 8192×8192", .either, in: "tweet_video", seconds: 600, isHeavy: true) {
            try Tool.ffmpeg(
                "a.mp4", "-f lavfi -i color=s=8192x8192:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p")
        },
        Bomb("transport stream that grows to 4096×4096", .either, in: "tweet_video", seconds: 120) {
            let small = try Tool.ffmpeg("a.ts", "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v libx264 -preset ultrafast")
            let large = try Tool.ffmpeg(
                "a.ts", "-f lavfi -i color=s=4096x4096:r=25:d=0.2 -c:v libx264 -preset ultrafast -output_ts_offset 1")
            return small + large
        },
    ]

    /// In profile `open`, which allows 16384 pixels a side and 150 million in all.
    static let opened: [Bomb] = [
        Bomb("PNG of 20000×20000 in 48 KB, profile open", .refused("image.dimensions")) {
            PNGFile.zeros(width: 20_000, height: 20_000, depth: 1, colourType: 0)
        },
        Bomb("PNG of 12000×12000 in 420 KB, profile open", .processed, seconds: 100) {
            PNGFile.zeros(width: 12_000, height: 12_000, depth: 8, colourType: 2)
        },
        Bomb("PNG of 12000×12000 with 64 bits a pixel, profile open", .either, seconds: 300, isHeavy: true) {
            PNGFile.zeros(width: 12_000, height: 12_000, depth: 16, colourType: 6)
        },
    ]
}
