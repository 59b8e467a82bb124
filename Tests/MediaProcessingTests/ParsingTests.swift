import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

@Suite("What ffmpeg and ffprobe say")
struct ParsingTests {
    static func timeline(_ packets: [(Int, Bool)]) -> PacketTimeline {
        var timeline = PacketTimeline()
        for (time, isKey) in packets { timeline.append(line: "\(time)|\(isKey ? "K_" : "__")") }
        return timeline
    }

    @Test("a frame stored after a key frame and shown before it: an open group")
    func openGOP() {
        let closed = Self.timeline([(0, true), (3, false), (1, false), (2, false), (4, true), (6, false), (5, false)])
        #expect(closed.hasOpenGOP == false)
        let open = Self.timeline([(0, true), (1, false), (4, true), (2, false), (3, false)])
        #expect(open.hasOpenGOP == true)
        #expect(PacketTimeline().hasOpenGOP == nil)
    }

    @Test("milliseconds that cannot say 1/30 s are constant, and a dropped frame is; a change of rate is variable")
    func frameRate() {
        let rounded = (0..<300).map { (Int((Double($0) * 1000 / 30).rounded()), $0 == 0) }
        #expect(Self.timeline(rounded).isVariableFrameRate == false)
        let dropped = rounded.enumerated().filter { $0.offset != 100 }.map(\.element)
        #expect(Self.timeline(dropped).isVariableFrameRate == false)
        let changed = (0..<300).map { ($0 < 150 ? $0 * 33 : 150 * 33 + ($0 - 150) * 66, $0 == 0) }
        #expect(Self.timeline(changed).isVariableFrameRate == true)
        #expect(PacketTimeline().isVariableFrameRate == nil)
    }

    @Test("a packet without a time leaves it undecided, unless what is known decides")
    func undecided() {
        var timeline = Self.timeline([(0, true), (1, false)])
        timeline.append(line: "N/A|__")
        #expect(timeline.hasOpenGOP == nil && timeline.isVariableFrameRate == nil)
        var open = Self.timeline([(4, true), (2, false)])
        open.append(line: "N/A|__")
        #expect(open.hasOpenGOP == true)
    }

    @Test("progress: key=value lines, N/A ignored, time never falls")
    func progress() {
        var progress = EncodingProgress()
        let ends = ["frame=10", "out_time_us=500000", "speed= 2.5x", "progress=continue"].map {
            progress.append(line: $0)
        }
        #expect(ends == [false, false, false, true])
        #expect(progress.frames == 10 && progress.seconds == 0.5 && progress.speed == 2.5)
        for line in ["out_time_us=N/A", "speed=N/A", "out_time_us=-5", "nonsense", "frame=x"] {
            _ = progress.append(line: line)
        }
        #expect(progress.frames == 10 && progress.seconds == 0.5 && progress.speed == 2.5)
    }

    @Test("a playlist is read only when its ranges cover the file from its start without a gap")
    func playlist() {
        let text = """
            #EXTM3U
            #EXT-X-MAP:URI="a.m4s",BYTERANGE="100@0"
            #EXTINF:4.0,
            #EXT-X-BYTERANGE:1000@100
            a.m4s
            #EXTINF:2.5,
            #EXT-X-BYTERANGE:900@1100
            a.m4s
            """
        let playlist = MediaPlaylist(text, fileSize: 2000)
        #expect(playlist?.initializationLength == 100)
        #expect(playlist?.segments.map(\.offset) == [100, 1100])
        #expect(playlist?.averageBitRate == 2339)
        #expect(MediaPlaylist(text, fileSize: 1999) == nil)
        #expect(MediaPlaylist(text.replacing("900@1100", with: "900@1101"), fileSize: 3000) == nil)
        #expect(MediaPlaylist(text.replacing("100@0", with: "x@0"), fileSize: 3000) == nil)
        #expect(MediaPlaylist("", fileSize: 3000) == nil)
    }

    @Test("the codecs string names profile and level of the stream")
    func codecs() {
        let head = Array("....avcC".utf8) + [1, 0x64, 0x00, 0x1F, 0xFF]
        #expect(CodecsString.h264(initialization: head, hasSound: true) == "avc1.64001f,mp4a.40.2")
        #expect(CodecsString.h264(initialization: head, hasSound: false) == "avc1.64001f")
        #expect(CodecsString.h264(initialization: Array("avcC".utf8), hasSound: false) == nil)
    }
}

@Suite("Sizes and rates")
struct LadderTests {
    static let x = RuleBook(profile: .x).limits(for: .tweetVideo).video

    @Test(
        "at most three heights, never enlarged, counted by the shorter side",
        arguments: [
            (1920, 1080, ["1280x720", "854x480", "640x360"]),
            (1080, 1920, ["720x1280", "480x854", "360x640"]),
            (3840, 1280, ["1280x426"]),
            (640, 480, ["640x480", "480x360"]),
            (400, 400, ["400x400"]),
            (320, 180, ["320x180"]),
            (33, 33, ["32x32"]),
        ])
    func ladder(_ width: Int, _ height: Int, _ expected: [String]) throws {
        let sizes = Ladder.sizes(width: width, height: height, bounds: try #require(Self.x))
        #expect(sizes.map { "\($0.width)x\($0.height)" } == expected)
    }

    @Test(
        "below an original that is offered as it is",
        arguments: [
            (1280, 720, [480, 360]), (1280, 1024, [720, 480]), (640, 360, []), (640, 480, [360]),
        ])
    func below(_ width: Int, _ height: Int, _ expected: [Int]) throws {
        let sizes = Ladder.sizes(belowWidth: width, height: height, bounds: try #require(Self.x))
        #expect(sizes.map(\.shortSide) == expected)
    }

    @Test(
        "a constant rate is kept, a variable one becomes a usual one",
        arguments: [
            ("30000/1001", "30000/1001", false, "30000/1001"),
            ("120/1", "120/1", false, "60/1"),
            ("2937/100", "90000/1", true, "30/1"),
            ("0/0", "0/0", true, "30/1"),
            ("59/1", "600/1", true, "60/1"),
            ("1/1", "1/1", false, "1/1"),
        ])
    func rates(_ average: String, _ real: String, _ isVariable: Bool, _ expected: String) {
        var picture = VideoFacts.Picture(codec: "h264", width: 100, height: 100)
        picture.averageFrameRate = VideoFacts.Ratio(average)
        picture.realFrameRate = VideoFacts.Ratio(real)
        picture.isVariableFrameRate = isVariable
        #expect(FrameRate.target(picture, limit: 60) == VideoFacts.Ratio(expected))
    }
}
