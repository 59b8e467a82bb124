import Foundation
import NIOHTTP1
import ProgramSupport
import Testing

@Suite("Server killed while decoders run")
struct OrphanTests {
    @Test("they die with it", arguments: Attacked.walls)
    func decoders(_ environment: [String: String]) async throws {
        let attacked = try Attacked(environment: environment)
        let (api, bytes) = (attacked.api, Fixtures.longConversion)
        // A photo first, so that image helpers are there too.
        let photo = try await api.process(Array(Fixtures.photo), "tweet_image")
        #expect(photo.state == "succeeded")
        let id = try await api.initialize(bytes: bytes.count, type: "video/mp4", category: "tweet_video")
        for segment in bytes.segments(of: 4 << 20) { _ = try await api.append(id, index: segment.index, segment.bytes) }
        #expect(try await api.finalize(id).status == 200)

        var family: [ProcessTree.Entry] = []
        for _ in 0..<600 where !family.contains(where: { $0.name == "ffmpeg" }) {
            try await Task.sleep(for: .milliseconds(50))
            family = ProcessTree.descendants(of: attacked.server.pid)
        }
        #expect(family.contains { $0.name == "ffmpeg" })
        #expect(family.contains { $0.name == "roost-imaging" })
        attacked.server.kill()
        for _ in 0..<200 where family.contains(where: ProcessTree.isAlive) {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(family.filter(ProcessTree.isAlive).map(\.name) == [])
    }
}
