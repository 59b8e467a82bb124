import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

@Suite("Animated GIF", .imagingPool)
struct GIFTests {
    static let source = "-f lavfi -i testsrc=s=101x77:r=10:d=1"

    @Test("becomes a silent MP4 with a poster", arguments: [MediaCategory.tweetGIF, .dmGIF])
    func convert(_ category: MediaCategory) async throws {
        let workshop = try await Workshop()
        let media = try await workshop.judge(try await workshop.make("a.gif", Self.source), category, declared: .gif)
        #expect(media.facts.kind == .animatedGIF)
        #expect(media.facts.width == 101 && media.facts.height == 77)
        #expect(media.facts.durationMs == 1000)
        #expect(!media.hasBackgroundWork)
        #expect(media.renditions.map(\.role) == [.mp4, .poster])
        let seen = try await workshop.look(at: try #require(media.rendition(.mp4)?.path))
        #expect(seen.video?.codec_name == "h264" && seen.video?.pix_fmt == "yuv420p" && seen.audio == nil)
        #expect(seen.video?.width == 100 && seen.video?.height == 76)
        #expect(seen.video?.nb_read_packets == "10")
        #expect(abs(seen.seconds - 1) < 0.02)
        #expect(media.rendition(.poster)?.width == 101 && media.facts.placeholder?.isEmpty == false)
    }

    @Test("frames of different length keep their time")
    func delays() async throws {
        let workshop = try await Workshop()
        let source = "-f lavfi -i testsrc2=s=64x64:r=10:d=1 -vf setpts=if(lt(N\\,5)\\,N\\,5+(N-5)*3)/10/TB -vsync vfr"
        let media = try await workshop.judge(try await workshop.make("a.gif", source), .tweetGIF)
        let seen = try await workshop.look(at: try #require(media.rendition(.mp4)?.path))
        let announced = Double(try #require(media.facts.durationMs)) / 1000
        #expect(abs(seen.seconds - announced) < 0.02)
        #expect(seen.video?.avg_frame_rate == seen.video?.r_frame_rate)
    }

    @Test("beyond the limits: refused before a frame is decoded")
    func limits() async throws {
        let workshop = try await Workshop()
        let long = try await workshop.make("long.gif", "-f lavfi -i testsrc2=s=32x32:r=25:d=15")
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(long, .tweetGIF) }
        #expect(error?.rules == ["gif.frames"])
        let cut = try workshop.write("cut.gif", try workshop.read(long).prefix(3000))
        let damaged = await #expect(throws: ProcessingError.self) { try await workshop.judge(cut, .tweetGIF) }
        #expect(damaged?.rules == ["file.damaged"])
    }

    @Test("as an image: answered at once with a poster; its MP4 comes in the background")
    func asImage() async throws {
        let workshop = try await Workshop()
        let original = try await workshop.make("a.gif", Self.source)
        let media = try await workshop.judge(original, .tweetImage)
        #expect(media.facts.kind == .animatedGIF && media.hasBackgroundWork)
        #expect(media.renditions.map(\.role) == [.poster])
        let task = try workshop.task(original, .tweetImage)
        let made = try await workshop.processor.makeRenditions(task) { _, _ in }
        #expect(made.map(\.role) == [.mp4])
    }
}
