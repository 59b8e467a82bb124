import MediaRules
import Testing
import XMedia

@Suite("Image rules")
struct ImageRuleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let type: SniffedType
        let category: MediaCategory
        let width: Int
        let height: Int
        var frames = 1
        var bytes: Int64 = 1000
        var durationMs: Int64?
        var scans = 1
        let rules: [String]

        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "a photo", type: .jpeg, category: .tweetImage, width: 4000, height: 3000, rules: []),
        Row(name: "the smallest", type: .png, category: .tweetImage, width: 4, height: 4, rules: []),
        Row(name: "the largest", type: .png, category: .dmImage, width: 8192, height: 8192, rules: []),
        Row(name: "too small", type: .png, category: .tweetImage, width: 3, height: 9, rules: ["image.dimensions"]),
        Row(name: "too wide", type: .webp, category: .tweetImage, width: 8193, height: 9, rules: ["image.dimensions"]),
        Row(
            name: "too many bytes", type: .jpeg, category: .tweetImage, width: 9, height: 9, bytes: 5_242_881,
            rules: ["file.bytes"]),
        Row(name: "an image as GIF", type: .png, category: .tweetGIF, width: 9, height: 9, rules: ["file.type"]),
        Row(name: "a still GIF as GIF", type: .gif, category: .tweetGIF, width: 2000, height: 2000, rules: []),
        Row(name: "the largest GIF", type: .gif, category: .tweetGIF, width: 1280, height: 669, frames: 350, rules: []),
        Row(
            name: "a GIF of too many frames", type: .gif, category: .dmGIF, width: 9, height: 9, frames: 351,
            rules: ["gif.frames"]),
        Row(
            name: "a GIF too high", type: .gif, category: .tweetGIF, width: 9, height: 1081, frames: 2,
            rules: ["gif.dimensions"]),
        Row(
            name: "a GIF of too many pixels", type: .gif, category: .tweetGIF, width: 1280, height: 1080, frames: 218,
            rules: ["gif.pixels"]),
        Row(
            name: "a GIF of ten minutes", type: .gif, category: .tweetGIF, width: 9, height: 9, frames: 2,
            durationMs: 600_000, rules: []),
        Row(
            name: "a GIF that runs too long", type: .gif, category: .tweetImage, width: 9, height: 9, frames: 2,
            durationMs: 600_010, rules: ["gif.duration"]),
        Row(
            name: "an animated GIF as image, up to 5 MB", type: .gif, category: .tweetImage, width: 9, height: 9,
            frames: 9,
            bytes: 5_242_880, rules: []),
        Row(
            name: "an animated GIF as image, above 5 MB", type: .gif, category: .tweetImage, width: 9, height: 9,
            frames: 9,
            bytes: 5_242_881, rules: ["file.bytes"]),
        Row(
            name: "an animated WebP", type: .webp, category: .tweetImage, width: 9, height: 9, frames: 2,
            rules: ["file.type"]),
        Row(
            name: "an animated PNG", type: .png, category: .tweetImage, width: 9, height: 9, frames: 2,
            rules: ["file.type"]),
        Row(
            name: "the most scans", type: .jpeg, category: .tweetImage, width: 8192, height: 8192, scans: 59, rules: []),
        Row(
            name: "too many scans", type: .jpeg, category: .tweetImage, width: 8192, height: 8192, scans: 60,
            rules: ["image.scans"]),
        Row(name: "no image", type: .mp4, category: .tweetImage, width: 9, height: 9, rules: ["file.type"]),
    ]

    @Test("each row", arguments: rows)
    func row(_ row: Row) {
        var header = ImageHeader(width: row.width, height: row.height)
        header.frameCount = row.frames
        header.durationMs = row.durationMs
        header.scanCount = row.scans
        let broken = RuleBook(profile: .x).judge(
            image: header, type: row.type, bytes: row.bytes, category: row.category)
        #expect(broken.map(\.rule) == row.rules)
        #expect(broken.allSatisfy { $0.consequence == .refuse })
    }

    @Test("pixels are bounded apart from the sides")
    func pixels() throws {
        var book = RuleBook(profile: .x)
        try book.override("tweet_image.max_pixels", with: "1000000")
        let header = ImageHeader(width: 1001, height: 1000)
        let broken = book.judge(image: header, type: .jpeg, bytes: 1, category: .tweetImage)
        #expect(broken.map(\.rule) == ["image.pixels"])
    }
}

@Suite("Video rules")
struct VideoRuleTests {
    /// A video that X's documents recommend.
    static var compliant: VideoFacts {
        var picture = VideoFacts.Picture(codec: "h264", width: 1280, height: 720)
        picture.averageFrameRate = VideoFacts.Ratio(30, 1)
        picture.isVariableFrameRate = false
        picture.pixelFormat = "yuv420p"
        picture.fieldOrder = "progressive"
        picture.hasOpenGOP = false
        let sound = VideoFacts.Sound(codec: "aac", profile: "LC", channels: 2)
        return VideoFacts(container: .mp4, durationMs: 10_000, picture: picture, sound: sound)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let rule: String?
        let consequence: BrokenRule.Consequence
        let category: MediaCategory
        let bytes: Int64
        let facts: VideoFacts

        init(
            _ name: String, _ rule: String?, _ consequence: BrokenRule.Consequence = .convert,
            in category: MediaCategory = .tweetVideo, bytes: Int64 = 1000, _ change: (inout VideoFacts) -> Void
        ) {
            self.name = name
            self.rule = rule
            self.consequence = consequence
            self.category = category
            self.bytes = bytes
            var facts = compliant
            change(&facts)
            self.facts = facts
        }

        init(
            _ name: String, _ rule: String?, _ consequence: BrokenRule.Consequence = .convert,
            picture change: (inout VideoFacts.Picture) -> Void
        ) {
            self.init(name, rule, consequence) { facts in
                if var picture = facts.picture {
                    change(&picture)
                    facts.picture = picture
                }
            }
        }

        var testDescription: String { "\(name): \(rule ?? "compliant")" }
    }

    static let compliantRows = [
        Row("as recommended", nil) { _ in },
        Row("silent", nil) {
            $0.sound = nil
            $0.audioStreams = 0
        },
        Row("QuickTime", nil) { $0.container = .quickTime },
        Row("20 minutes", nil) { $0.durationMs = 1_200_000 },
        Row("half a second", nil) { $0.durationMs = 500 },
        Row("140 s in a direct message", nil, in: .dmVideo) { $0.durationMs = 140_000 },
        Row("upright", nil, picture: { ($0.width, $0.height) = (720, 1280) }),
        Row("1280×1024", nil, picture: { $0.height = 1024 }),
        Row("59.94 frames", nil, picture: { $0.averageFrameRate = VideoFacts.Ratio(60_000, 1001) }),
        Row("3:1", nil, picture: { ($0.width, $0.height) = (1200, 400) }),
    ]

    static let refusedRows = [
        Row("too many bytes", "file.bytes", .refuse, bytes: 8_589_934_593) { _ in },
        Row("a still image", "file.type", .refuse) { $0.container = .jpeg },
        Row("too long", "video.duration", .refuse) { $0.durationMs = 1_200_001 },
        Row("too short", "video.duration", .refuse) { $0.durationMs = 499 },
        Row("too long for a direct message", "video.duration", .refuse, in: .dmVideo) { $0.durationMs = 140_001 },
        Row("encrypted", "video.encrypted", .refuse) { $0.isEncrypted = true },
        Row("sound only", "video.stream", .refuse) { $0.picture = nil },
        Row("not decodable", "video.stream", .refuse, picture: { $0.isDecodable = false }),
        Row("no pixels", "video.stream", .refuse, picture: { $0.height = 0 }),
        Row("below 32", "video.dimensions", .refuse, picture: { ($0.width, $0.height) = (40, 31) }),
        Row("above 8192", "video.dimensions", .refuse, picture: { ($0.width, $0.height) = (8194, 4096) }),
        Row("wider than 3:1", "video.aspect_ratio", .refuse, picture: { ($0.width, $0.height) = (1202, 400) }),
        Row("narrower than 1:3", "video.aspect_ratio", .refuse, picture: { ($0.width, $0.height) = (400, 1202) }),
    ]

    static let convertedRows = [
        Row("of unknown duration", "video.duration") { $0.durationMs = nil },
        Row("1080p", "video.resolution", picture: { ($0.width, $0.height) = (1920, 1080) }),
        Row("1280×1040", "video.resolution", picture: { $0.height = 1040 }),
        Row("120 frames", "video.frame_rate", picture: { $0.averageFrameRate = VideoFacts.Ratio(120, 1) }),
        Row("of unknown rate", "video.frame_rate", picture: { $0.averageFrameRate = nil }),
        Row("of variable rate", "video.variable_frame_rate", picture: { $0.isVariableFrameRate = true }),
        Row("of undecided rate", "video.variable_frame_rate", picture: { $0.isVariableFrameRate = nil }),
        Row("4:2:2", "video.pixel_format", picture: { $0.pixelFormat = "yuv422p" }),
        Row("10 bits", "video.pixel_format", picture: { $0.pixelFormat = "yuv420p10le" }),
        Row("PQ", "video.dynamic_range", picture: { $0.colorTransfer = "smpte2084" }),
        Row("HLG", "video.dynamic_range", picture: { $0.colorTransfer = "arib-std-b67" }),
        Row("interlaced", "video.interlaced", picture: { $0.fieldOrder = "tt" }),
        Row(
            "anamorphic", "video.pixel_aspect",
            picture: {
                ($0.width, $0.height, $0.sampleAspectRatio) = (720, 576, VideoFacts.Ratio(16, 15))
            }),
        Row("open GOP", "video.open_gop", picture: { $0.hasOpenGOP = true }),
        Row("undecided GOP", "video.open_gop", picture: { $0.hasOpenGOP = nil }),
        Row("turned", "video.rotation", picture: { $0.rotation = 90 }),
        Row("HEVC", "video.codec", picture: { $0.codec = "hevc" }),
        Row("WebM", "video.container") { $0.container = .webm },
        Row("two pictures", "video.streams") { $0.videoStreams = 2 },
        Row("two sounds", "audio.streams") { $0.audioStreams = 2 },
        Row("MP3 sound", "audio.codec") { $0.sound = VideoFacts.Sound(codec: "mp3", profile: nil, channels: 2) },
        Row("HE-AAC", "audio.codec") { $0.sound = VideoFacts.Sound(codec: "aac", profile: "HE-AAC", channels: 2) },
        Row("5.1 sound", "audio.channels") { $0.sound = VideoFacts.Sound(codec: "aac", profile: "LC", channels: 6) },
    ]

    @Test("each row", arguments: compliantRows + refusedRows + convertedRows)
    func row(_ row: Row) {
        let broken = RuleBook(profile: .x).judge(video: row.facts, bytes: row.bytes, category: row.category)
        #expect(broken.map(\.rule) == [row.rule].compactMap { $0 })
        #expect(broken.allSatisfy { $0.consequence == row.consequence })
    }

    @Test("a phone's 1080p HDR video is converted, not refused")
    func phone() {
        var facts = VideoRuleTests.compliant
        facts.container = .quickTime
        facts.picture?.codec = "hevc"
        facts.picture?.width = 1920
        facts.picture?.height = 1080
        facts.picture?.rotation = 90
        facts.picture?.pixelFormat = "yuv420p10le"
        facts.picture?.colorTransfer = "arib-std-b67"
        facts.picture?.isVariableFrameRate = true
        let broken = RuleBook(profile: .x).judge(video: facts, bytes: 1, category: .tweetVideo)
        #expect(!broken.refuses)
        #expect(broken.contains { $0.rule == "video.resolution" && $0.found == "1080×1920" })
    }

    @Test("rules that refuse come first, and all broken ones are named")
    func order() {
        var facts = VideoRuleTests.compliant
        facts.picture?.codec = "hevc"
        facts.picture?.height = 20
        facts.durationMs = 1
        let broken = RuleBook(profile: .x).judge(video: facts, bytes: 1, category: .tweetVideo)
        #expect(broken.map(\.rule) == ["video.duration", "video.dimensions", "video.aspect_ratio", "video.codec"])
    }

    @Test("wild numbers of a probe do not trap")
    func wild() {
        var facts = VideoRuleTests.compliant
        facts.picture?.width = .max
        facts.picture?.height = .max
        facts.picture?.sampleAspectRatio = VideoFacts.Ratio(.max, 1)
        facts.picture?.averageFrameRate = VideoFacts.Ratio(.max, 1)
        facts.durationMs = .max
        #expect(RuleBook(profile: .x).judge(video: facts, bytes: .max, category: .tweetVideo).refuses)
    }

    @Test("fractions are read as ffprobe writes them")
    func ratios() {
        #expect(VideoFacts.Ratio("30000/1001") == VideoFacts.Ratio(30_000, 1001))
        #expect(VideoFacts.Ratio("4:3") == VideoFacts.Ratio(4, 3))
        #expect(VideoFacts.Ratio("0/0") == nil)
        #expect(VideoFacts.Ratio("N/A") == nil)
        #expect(VideoFacts.Ratio("30") == nil)
    }
}
