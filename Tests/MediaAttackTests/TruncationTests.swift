import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing

@Suite("Files that were cut")
struct TruncationTests {
    /// A format, and how a small file of it is made.
    struct Format: Sendable {
        let name: String
        let category: String
        let make: @Sendable () throws -> [UInt8]
    }

    private static let movie = "-f lavfi -i testsrc2=s=96x64:r=25:d=2 -pix_fmt yuv420p"
    private static let still = "-f lavfi -i testsrc2=s=320x240 -frames:v 1"

    static let formats: [Format] = [
        Format(name: "JPEG", category: "tweet_image") { try Tool.ffmpeg("a.jpg", still) },
        Format(name: "PNG", category: "tweet_image") { try Tool.ffmpeg("a.png", still) },
        Format(name: "WebP", category: "tweet_image") { try Tool.ffmpeg("a.webp", still) },
        Format(name: "BMP", category: "tweet_image") { try Tool.ffmpeg("a.bmp", still) },
        Format(name: "TIFF", category: "tweet_image") { try Tool.ffmpeg("a.tiff", still + " -pix_fmt rgb24") },
        Format(name: "animated GIF", category: "tweet_gif") {
            try Tool.ffmpeg("a.gif", "-f lavfi -i testsrc2=s=96x64:r=5:d=2")
        },
        Format(name: "MP4, index first", category: "tweet_video") {
            try Tool.ffmpeg("a.mp4", "\(movie) -c:v libx264 -preset ultrafast -movflags +faststart")
        },
        Format(name: "MP4, index last", category: "tweet_video") {
            try Tool.ffmpeg("a.mp4", "\(movie) -c:v libx264 -preset ultrafast")
        },
        Format(name: "fragmented MP4", category: "tweet_video") {
            try Tool.ffmpeg(
                "a.mp4", "\(movie) -c:v libx264 -preset ultrafast -g 10 -movflags frag_keyframe+empty_moov")
        },
        Format(name: "WebM", category: "tweet_video") {
            try Tool.ffmpeg("a.webm", "\(movie) -c:v libvpx -deadline realtime -b:v 500k")
        },
        Format(name: "transport stream", category: "tweet_video") {
            try Tool.ffmpeg("a.ts", "\(movie) -c:v libx264 -preset ultrafast")
        },
    ]

    @Test("at every tenth: processed, or refused with a reason")
    func tenths() async throws {
        let attacked = try Attacked()
        let api = attacked.api
        for format in Self.formats {
            let whole = try format.make()
            #expect(try await api.process(whole, format.category).state == "succeeded", "\(format.name)")
            try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
                let isVideo = format.category == "tweet_video"
                for tenth in isVideo && !BombTests.isCampaign ? [2, 5, 9] : Array(1...9) {
                    let part = Array(whole.prefix(whole.count * tenth / 10))
                    group.addTask { (tenth, try await api.process(part, format.category, within: 60)) }
                }
                for try await (tenth, outcome) in group {
                    let text = "\(format.name) at \(tenth) tenths: \(outcome)"
                    #expect(["succeeded", "failed", "refused"].contains(outcome.state), "\(text)")
                    #expect(outcome.state == "succeeded" || outcome.hasReason, "\(text)")
                    // Whose pictures stand in the order of the bytes can be shown in part, an MP4 only when it lacks no
                    // more than a second.
                    let isStream = ["animated GIF", "fragmented MP4", "WebM", "transport stream"].contains(format.name)
                    let lacksLittle = format.name == "MP4, index first" && tenth > 5
                    #expect(outcome.state != "succeeded" || isStream || lacksLittle, "\(text)")
                }
            }
        }
        #expect(try await attacked.scratchLeft() == [])
    }
}
