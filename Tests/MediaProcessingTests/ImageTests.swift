import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

@Suite("Image", .imagingPool)
struct ImageTests {
    @Test(
        "a photo in its own size and in each smaller one; nothing is enlarged",
        arguments: [
            ("3000x1500", [680, 1200, 2048, 3000]), ("1200x900", [680, 1200]), ("64x48", [64]),
        ])
    func sizes(_ size: String, _ widths: [Int]) async throws {
        let workshop = try await Workshop()
        let original = try await workshop.make("a.jpg", "-f lavfi -i testsrc2=s=\(size) -frames:v 1")
        let media = try await workshop.judge(original, .tweetImage, declared: .jpeg)
        #expect(media.facts.kind == .photo && media.facts.mediaType == .jpeg)
        #expect(media.facts.width == widths.last && media.facts.placeholder?.isEmpty == false)
        #expect(media.renditions.map(\.width) == widths)
        #expect(media.renditions.last?.role == .full && !media.hasBackgroundWork)
        for rendition in media.renditions {
            let seen = try await workshop.look(at: try #require(rendition.path))
            #expect(seen.video?.codec_name == "mjpeg" && seen.video?.width == rendition.width)
        }
    }

    @Test("transparency is kept, as PNG")
    func alpha() async throws {
        let workshop = try await Workshop()
        let original = try await workshop.make("a.png", "-f lavfi -i color=c=red@0.5:s=64x64,format=rgba -frames:v 1")
        let media = try await workshop.judge(original, .tweetImage, declared: .png)
        #expect(media.renditions.map(\.contentType) == ["image/png"])
        let seen = try await workshop.look(at: try #require(media.renditions.first?.path))
        #expect(seen.video?.codec_name == "png" && seen.video?.pix_fmt == "rgba")
    }

    @Test("a GIF of one frame is an image, in the GIF category too", arguments: [MediaCategory.tweetImage, .tweetGIF])
    func singleFrame(_ category: MediaCategory) async throws {
        let workshop = try await Workshop()
        let original = try await workshop.make("a.gif", "-f lavfi -i color=c=red:s=64x64 -frames:v 1")
        let media = try await workshop.judge(original, category, declared: .gif)
        #expect(media.facts.kind == .photo && media.facts.durationMs == nil)
        #expect(media.renditions.map(\.role) == [.full] && !media.hasBackgroundWork)
    }

    @Test("outside of the limits: refused by the header; cut: refused by the decoder or the header")
    func refuse() async throws {
        let workshop = try await Workshop()
        let small = try await workshop.make("a.png", "-f lavfi -i color=s=2x2 -frames:v 1")
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(small, .tweetImage) }
        #expect(error?.rules == ["image.dimensions"])
        let whole = try await workshop.make("a.jpg", "-f lavfi -i testsrc2=s=640x480 -frames:v 1")
        let bytes = try workshop.read(whole)
        let cut = try workshop.write("cut.jpg", bytes.prefix(bytes.count / 2))
        let damaged = await #expect(throws: ProcessingError.self) { try await workshop.judge(cut, .tweetImage) }
        #expect(["image.decodable", "file.damaged"].contains(damaged?.rules.first))
        let text = try workshop.write("a.jpg", "#EXTM3U\n".utf8)
        let wrong = await #expect(throws: ProcessingError.self) { try await workshop.judge(text, .tweetImage) }
        #expect(wrong?.rules == ["file.type"])
    }
}
