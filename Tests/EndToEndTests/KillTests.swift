import Foundation
import NIOCore
import ProgramSupport
import Testing
import XMedia

/// What was acknowledged outlives kill -9.
@Suite("Killed with -9", .serialized)
struct KillTests {
    @Test("in the middle of appends: every acknowledged segment is there after the restart, and the upload goes on")
    func appends() async throws {
        let folder = try TemporaryFolder()
        let bytes = Fixtures.video
        let segments = bytes.segments(of: 50_000)
        var server = try RoostProcess(data: "\(folder.path)/data")
        let token = try server.token()
        var api = APIClient(url: server.url, token: token)
        let id = try await api.initialize(bytes: bytes.count, type: "video/mp4", category: "tweet_video")

        var before = api
        before.timeout = .seconds(5)
        let acknowledged = await withTaskGroup(of: Int?.self) { group in
            // No more than eight are on their way at once, so that the kill finds some that were not sent.
            var waiting = segments.shuffled()[...]
            func sendNext() {
                guard let segment = waiting.popFirst() else { return }
                group.addTask { [before] in
                    guard let answer = try? await before.append(id, index: segment.index, segment.bytes),
                        answer.status == 200
                    else { return nil }
                    return segment.index
                }
            }
            for _ in 0..<8 { sendNext() }
            var acknowledged: Set<Int> = []
            for await index in group {
                if let index { acknowledged.insert(index) }
                if acknowledged.count == segments.count / 3 { server.kill() }
                sendNext()
            }
            return acknowledged
        }
        #expect(acknowledged.count >= segments.count / 3)
        #expect(acknowledged.count < segments.count)

        server = try RoostProcess(data: "\(folder.path)/data")
        api = APIClient(url: server.url, token: token)
        let received = try #require(try await api.status(id).segments)
        #expect(acknowledged.isSubset(of: received.map(\.index)))
        for segment in received { #expect(segment.size == segments[segment.index].bytes.count) }
        for segment in segments where !received.contains(where: { $0.index == segment.index }) {
            #expect(try await api.append(id, index: segment.index, segment.bytes).status == 200)
        }
        let finalized = try await api.finalize(id)
        #expect(finalized.status == 200, "\(finalized.text)")
        let data = try await api.waitUntilProcessed(id)
        #expect(data.original?.sha256 == bytes.sha256)
        #expect(server.terminate() == 0)
        let verified = try RoostProcess.run(["verify", "--data", server.data])
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test("in the middle of processing: the job starts again by itself and no strike is counted")
    func processing() async throws {
        let folder = try TemporaryFolder()
        let bytes = Fixtures.longConversion
        var server = try RoostProcess(data: "\(folder.path)/data")
        let token = try server.token()
        var api = APIClient(url: server.url, token: token)
        let id = try await api.initialize(bytes: bytes.count, type: "video/mp4", category: "tweet_video")
        for segment in bytes.segments(of: 4 << 20) {
            #expect(try await api.append(id, index: segment.index, segment.bytes).status == 200)
        }
        #expect(try await api.finalize(id).status == 200)
        for _ in 0..<4 {
            while try await api.status(id).processingInfo?.state == .pending {
                try await Task.sleep(for: .milliseconds(20))
            }
            server.kill()
            server = try RoostProcess(data: "\(folder.path)/data")
            api = APIClient(url: server.url, token: token)
        }
        let data = try await api.waitUntilProcessed(id)
        #expect(data.processingInfo?.state == .succeeded)
        #expect(data.original?.sha256 == bytes.sha256)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/data/scratch").count <= 1)
    }
}
