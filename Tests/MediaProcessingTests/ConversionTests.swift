import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

/// A source that is not compliant, and what its first rendition looks like.
struct Conversion: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file: String
    var source: String
    /// Marked to be shown turned by 90°.
    var isTurned = false
    var width = 320
    var height = 180
    var hasSound = false
    var seconds = 1.0
    var mostFramesPerSecond = 60.0
}

@Suite("Video that is converted", .imagingPool)
struct ConversionTests {
    static let picture = "-f lavfi -i testsrc2=s=320x180:r=30:d=1"
    static let conversions: [Conversion] = [
        Conversion(
            testDescription: "HEVC in QuickTime", file: "a.mov",
            source: "\(picture) -c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1"),
        Conversion(
            testDescription: "VP9 and Opus in WebM", file: "a.webm",
            source: "\(picture) -f lavfi -i sine=d=1 -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
            hasSound: true),
        Conversion(
            testDescription: "H.264 in a transport stream, which starts at 1.4 s", file: "a.ts",
            source: "\(picture) -f lavfi -i sine=d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac",
            hasSound: true),
        Conversion(
            testDescription: "rotation: a phone's portrait video is upright", file: "a.mp4",
            source: "\(picture) -c:v libx264 -preset ultrafast -pix_fmt yuv420p", isTurned: true,
            width: 180, height: 320),
        Conversion(
            testDescription: "odd dimensions and 4:4:4: even ones and 4:2:0, nothing enlarged", file: "a.mp4",
            source: "-f lavfi -i testsrc=s=321x181:r=30:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv444p"),
        Conversion(
            testDescription: "variable frame rate", file: "a.mp4",
            source:
                "-f lavfi -i testsrc2=s=320x180:r=30:d=1 -vf setpts=if(lt(N\\,15)\\,N\\,15+(N-15)*3)/30/TB -vsync vfr "
                + "-c:v libx264 -preset ultrafast -pix_fmt yuv420p", seconds: 2),
        Conversion(
            testDescription: "HDR (PQ), 10 bits", file: "a.mov",
            source: "\(picture) -vf format=yuv420p10le -c:v libx265 -preset ultrafast -x265-params "
                + "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc -tag:v hvc1"),
        Conversion(
            testDescription: "HDR (HLG) without primaries tagged", file: "a.mov",
            source: "\(picture) -vf format=yuv420p10le -c:v libx265 -preset ultrafast -x265-params "
                + "log-level=none:transfer=arib-std-b67 -tag:v hvc1"),
        Conversion(
            testDescription: "interlaced", file: "a.mp4",
            source: "\(picture) -c:v libx264 -preset ultrafast -pix_fmt yuv420p -flags +ildct+ilme -x264-params tff=1"),
        Conversion(
            testDescription: "open groups of pictures", file: "a.mp4",
            source: "\(picture) -c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=10:bframes=3:scenecut=0"),
        Conversion(
            testDescription: "pixels that are not square", file: "a.mp4",
            source:
                "-f lavfi -i testsrc2=s=320x240:r=30:d=1 -vf setsar=4/3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p",
            width: 426, height: 240),
        Conversion(
            testDescription: "surround sound", file: "a.mp4",
            source:
                "\(picture) -f lavfi -i anullsrc=cl=5.1:d=1 -t 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac",
            hasSound: true),
        Conversion(
            testDescription: "120 frames a second", file: "a.mp4",
            source: "-f lavfi -i testsrc2=s=320x180:r=120:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"),
        Conversion(
            testDescription: "larger than 1280×1024", file: "a.mp4",
            source: "-f lavfi -i testsrc2=s=1920x1080:r=10:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p",
            width: 1280,
            height: 720),
    ]

    @Test("becomes H.264 in MP4, upright, progressive, square, 8 bits, standard dynamic range", arguments: conversions)
    func convert(_ conversion: Conversion) async throws {
        let workshop = try await Workshop()
        var original = try await workshop.make(conversion.file, conversion.source)
        if conversion.isTurned {
            original = try await workshop.make("turned.mp4", "-i \(original) -c copy -metadata:s:v:0 rotate=90")
        }
        let media = try await workshop.judge(original)

        #expect(media.hasBackgroundWork)
        #expect(media.renditions.map(\.role) == [.mp4, .poster, .hlsStream])
        let mp4 = try #require(media.rendition(.mp4))
        #expect(mp4.width == conversion.width && mp4.height == conversion.height)

        let seen = try await workshop.look(at: try #require(mp4.path))
        let video = try #require(seen.video)
        #expect(video.codec_name == "h264" && video.profile == "High" && video.pix_fmt == "yuv420p")
        #expect(video.width == conversion.width && video.height == conversion.height)
        #expect(video.sample_aspect_ratio == "1:1" && video.field_order == "progressive")
        #expect(video.color_transfer == "bt709" && video.color_space == "bt709")
        #expect(video.side_data_list == nil, "no matrix is left: the pixels are turned")
        let rate = try #require(video.r_frame_rate.flatMap { VideoFacts.Ratio($0) })
        #expect(rate.value <= conversion.mostFramesPerSecond)
        #expect(video.avg_frame_rate == video.r_frame_rate, "constant frame rate")
        #expect(abs(seen.seconds - conversion.seconds) < 0.2)
        if conversion.hasSound {
            #expect(seen.audio?.codec_name == "aac" && seen.audio?.profile == "LC")
            #expect((1...2).contains(seen.audio?.channels ?? 0))
        } else {
            #expect(seen.audio == nil)
        }

        let poster = try await workshop.look(at: try #require(media.rendition(.poster)?.path))
        #expect(poster.video?.width == conversion.width && poster.video?.height == conversion.height)
        #expect(media.facts.width.map { abs($0 - conversion.width) <= 1 || $0 == 1920 } == true)
    }

    @Test("progress never falls, stays below 100, and brings an expected remaining time")
    func progress() async throws {
        let workshop = try await Workshop()
        let task = try workshop.task(
            try await workshop.make("a.webm", "-f lavfi -i testsrc2=s=640x360:r=60:d=6 -c:v libvpx -deadline realtime"))
        let reports = Reports()
        _ = try await workshop.processor.judge(task) { reports.append($0, $1) }
        let all = reports.all
        #expect(all.map(\.percent) == all.map(\.percent).sorted())
        #expect(all.allSatisfy { (0...99).contains($0.percent) })
        #expect(all.last?.percent == 99 && all.last?.remaining != nil)
    }

    @Test("the smaller heights of a converted video come in the background, its largest is not made again")
    func background() async throws {
        let workshop = try await Workshop()
        let task = try workshop.task(
            try await workshop.make("a.webm", "-f lavfi -i testsrc2=s=1280x720:r=5:d=1 -c:v libvpx -deadline realtime"))
        let made = try await workshop.processor.makeRenditions(task) { _, _ in }
        #expect(made.map(\.role) == [.mp4, .mp4, .hlsStream, .hlsStream, .hlsMaster])
        #expect(made.map(\.height) == [480, 360, 480, 360, nil])
    }
}
