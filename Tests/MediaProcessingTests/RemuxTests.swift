import MediaCore
import MediaRules
import SystemPackage
import Testing
import XMedia

@testable import MediaProcessing

@Suite("Compliant video", .imagingPool)
struct RemuxTests {
    @Test("is offered as it is, clean and with its index first, beside a poster; the rest follows")
    func remux() async throws {
        let workshop = try await Workshop()
        let original = try await workshop.compliant()
        let media = try await workshop.judge(original, declared: .mp4)

        #expect(media.facts.kind == .video)
        #expect(media.facts.mediaType == .mp4)
        #expect(media.facts.width == 640 && media.facts.height == 360)
        #expect(media.facts.durationMs == 2000)
        #expect(media.hasBackgroundWork)
        #expect(media.renditions.map(\.role) == [.mp4, .poster])

        let mp4 = try #require(media.rendition(.mp4)?.path)
        let seen = try await workshop.look(at: mp4)
        #expect(seen.video?.codec_name == "h264")
        #expect(seen.audio?.codec_name == "aac")
        #expect(seen.video?.nb_read_packets == "60")
        #expect(seen.format.tags?["title"] == nil && seen.format.tags?["location"] == nil)
        let bytes = try workshop.read(mp4)
        let index = try #require(bytes.firstRange(of: Array("moov".utf8))?.lowerBound)
        let data = try #require(bytes.firstRange(of: Array("mdat".utf8))?.lowerBound)
        #expect(index < data)

        let poster = try #require(media.rendition(.poster))
        let picture = try await workshop.look(at: try #require(poster.path))
        #expect(picture.video?.codec_name == "mjpeg")
        #expect(picture.video?.width == 640 && picture.video?.height == 360)
        #expect(poster.contentType == "image/jpeg")
    }

    @Test("the index behind a gigabyte: the gigabyte is not read")
    func indexBehindGigabyte() async throws {
        let workshop = try await Workshop()
        let original = try await workshop.make(
            "last.mp4", "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v libx264 -pix_fmt yuv420p -bf 0")
        let bytes = try workshop.read(original)
        let index = try #require(bytes.firstRange(of: Array("moov".utf8))?.lowerBound) - 4
        // A box of a gigabyte before the index, as a hole in the file.
        let hole: [UInt8] = [0x40, 0, 0, 8] + Array("free".utf8)
        let large = try workshop.write("large.mp4", bytes[..<index] + hole)
        let file = try FileDescriptor.open(FilePath(large), .readWrite)
        let end = Int64(index) + 0x4000_0008
        try file.closeAfter {
            _ = try file.resize(to: end)
            _ = try file.writeAll(toAbsoluteOffset: end, bytes[index...])
        }
        let clock = ContinuousClock()
        let began = clock.now
        let media = try await workshop.judge(large)
        #expect(media.renditions.map(\.role) == [.mp4, .poster])
        #expect(Workshop.size(try #require(media.rendition(.mp4)?.path)) < 1 << 20)
        #expect(clock.now - began < .seconds(30))
    }

    @Test("its smaller heights and HLS come in the background")
    func background() async throws {
        let workshop = try await Workshop()
        let task = try workshop.task(
            try await workshop.make(
                "hd.mp4",
                "-f lavfi -i testsrc2=s=1280x720:r=30:d=5 -f lavfi -i sine=d=5 -c:v libx264 -preset ultrafast -bf 0 -g 60 "
                    + "-pix_fmt yuv420p -c:a aac"))
        let made = try await workshop.processor.makeRenditions(task) { _, _ in }
        #expect(made.map(\.role) == [.mp4, .mp4, .hlsStream, .hlsStream, .hlsStream, .hlsMaster])
        #expect(made.map(\.height) == [480, 360, 720, 480, 360, nil])
        for stream in made.filter({ $0.role == .hlsStream }) {
            let hls = try #require(stream.hls)
            let path = try #require(stream.path)
            #expect(hls.codecs.hasPrefix("avc1.") && hls.codecs.hasSuffix(",mp4a.40.2"))
            #expect(hls.frameRate == 30)
            #expect(abs(hls.segments.reduce(0) { $0 + $1.duration } - 5) < 0.1)
            // The file is its initialization section and its segments, nothing else: what a player asks for is all.
            let bytes = try workshop.read(path)
            let end = try #require(hls.segments.last.map { $0.offset + $0.length })
            #expect(hls.segments.first?.offset == hls.initializationLength)
            #expect(end <= Int64(bytes.count))
            let playable = try workshop.write("cut.mp4", bytes.prefix(Int(end)))
            let seen = try await workshop.look(at: playable)
            #expect(seen.video?.nb_read_packets == "150")
        }
    }
}
