import Foundation
import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing

@Suite("Files that name other files and addresses")
struct ReferenceTests {
    @Test("under every name: refused by the type of their bytes, and nobody knocks", arguments: Attacked.walls)
    func refused(_ environment: [String: String]) async throws {
        let attacked = try Attacked(environment: environment)
        let listener = try Listener()
        let canary = "\(attacked.folder.path)/canary.ts"
        try Data(try Tool.ffmpeg("canary.ts", "-f lavfi -i color=c=red:s=64x64:d=1 -c:v libx264 -preset ultrafast"))
            .write(to: URL(fileURLWithPath: canary))
        let names = [
            ("tweet_video", "video/mp4"), ("tweet_video", "video/quicktime"), ("tweet_video", "video/webm"),
            ("dm_video", "video/mp2t"), ("tweet_image", "image/png"), ("tweet_image", "image/jpeg"),
            ("tweet_gif", "image/gif"), ("tweet_video", nil), ("tweet_image", nil),
        ]
        for file in References(canary: canary, port: listener.port).files {
            for (category, type) in names {
                let outcome = try await attacked.api.process(file.bytes, category, type, within: 30)
                let text = "\(file.name) as \(type ?? category): \(outcome)"
                #expect(["failed", "refused"].contains(outcome.state), "\(text)")
                #expect(outcome.rules == ["file.type"], "\(text)")
            }
        }
        #expect(listener.connections() == 0)
        #expect(attacked.blobs("renditions").isEmpty)
        #expect(try await attacked.scratchLeft() == [])
    }
}
