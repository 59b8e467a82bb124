import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

/// A file that is refused, and the rule that says why.
struct Refusal: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file = "a.mp4"
    var source: String
    var rule: String
}

@Suite("Video that is refused")
struct RefusalTests {
    static let h264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"
    static let refusals: [Refusal] = [
        Refusal(
            testDescription: "longer than 20 minutes", source: "-f lavfi -i color=s=64x64:r=1:d=1260 \(h264)",
            rule: "video.duration"),
        Refusal(
            testDescription: "shorter than half a second", source: "-f lavfi -i color=s=64x64:r=30:d=0.2 \(h264)",
            rule: "video.duration"),
        Refusal(
            testDescription: "wider than 3:1", source: "-f lavfi -i color=s=400x100:d=1 \(h264)",
            rule: "video.aspect_ratio"),
        Refusal(
            testDescription: "under 32 pixels", source: "-f lavfi -i color=s=16x16:d=1 \(h264)",
            rule: "video.dimensions"),
        Refusal(testDescription: "sound only", source: "-f lavfi -i sine=d=1 -c:a aac", rule: "video.stream"),
        Refusal(
            testDescription: "a cover picture is no video",
            source: "-f lavfi -i sine=d=1 -f lavfi -i color=s=64x64:d=0.04 -map 0 -map 1 -c:a aac -c:v mjpeg "
                + "-disposition:v:0 attached_pic", rule: "video.stream"),
    ]

    @Test("with the rule that it breaks", arguments: refusals)
    func refuse(_ refusal: Refusal) async throws {
        let workshop = try await Workshop()
        let original = try await workshop.make(refusal.file, refusal.source)
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        #expect(error?.rules == [refusal.rule])
    }

    @Test("declared as something else: unsupported, naming both types")
    func mismatch() async throws {
        let workshop = try await Workshop()
        let original = try await workshop.compliant(seconds: 1)
        let error = await #expect(throws: ProcessingError.self) {
            try await workshop.judge(original, declared: .webm)
        }
        guard case .unsupported(let broken) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(broken.map(\.rule) == ["file.declared_type"])
        #expect(broken.first?.found == "video/mp4" && broken.first?.allowed == "video/webm")
    }

    @Test("cut in transfer: the index at the start announces more than there is")
    func truncated() async throws {
        let workshop = try await Workshop()
        let whole = try await workshop.make(
            "whole.mp4", "-f lavfi -i testsrc2=s=320x180:r=30:d=4 \(Self.h264) -bf 0 -movflags +faststart")
        let bytes = try workshop.read(whole)
        let cut = try workshop.write("cut.mp4", bytes.prefix(bytes.count / 2))
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(cut) }
        #expect(error?.rules == ["video.complete"])
    }

    @Test("cut in transfer: the index at the end is missing")
    func headless() async throws {
        let workshop = try await Workshop()
        let whole = try await workshop.make("whole.mp4", "-f lavfi -i testsrc2=s=320x180:r=30:d=1 \(Self.h264)")
        let bytes = try workshop.read(whole)
        let cut = try workshop.write("cut.mp4", bytes.prefix(bytes.count / 2))
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(cut) }
        #expect(error?.rules == ["video.decodable"])
    }

    @Test("an empty file")
    func empty() async throws {
        let workshop = try await Workshop()
        let original = try workshop.write("empty.mp4", [])
        let error = await #expect(throws: ProcessingError.self) { try await workshop.judge(original) }
        #expect(error?.rules == ["file.type"])
    }
}
