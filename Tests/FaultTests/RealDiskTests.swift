import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// The same on a file system that is really full, decoders and all.
@Suite("A full file system", .serialized)
struct RealDiskTests {
    @Test(
        "processing waits for space instead of blaming the file, and goes on when there is some",
        .enabled(if: MountedServer.isPossible, "mounting a tmpfs of its own needs root and CAP_SYS_ADMIN"))
    func processing() async throws {
        let server = try await MountedServer(size: "24m")
        let (api, video) = (server.api, try Inputs.conversion.get())
        let id = try await api.initialize(bytes: video.count, type: "video/mp4", category: "tweet_video")
        for segment in video.segments(of: 1 << 20) {
            #expect(try await api.append(id, index: segment.index, segment.bytes).status == 200)
        }
        // Room is left for composing the original, after which its segments are erased.
        let filler = try await api.initialize(bytes: 400 << 20, type: "video/mp4", category: "tweet_video")
        var index = 0
        while try await free(api) > video.count + 1 << 20, try await taken(filler, index, 256 << 10, api) { index += 1 }
        #expect(try await api.finalize(id).status == 200)
        for _ in 0..<200 where try await api.status(id).original == nil {
            try await Task.sleep(for: .milliseconds(20))
        }
        // Then all is taken, also what the work gives back, for as long as several attempts take.
        let until = ContinuousClock.now + .seconds(6)
        while ContinuousClock.now < until {
            if try await taken(filler, index, try await free(api) > 1 << 20 ? 256 << 10 : 16 << 10, api) { index += 1 }
            let status = try await api.status(id)
            #expect(status.processingInfo?.state != .failed, "\(status)")
        }
        #expect(try server.grow(to: "80m") == 0)
        try await Client(api, patience: .seconds(20)).send("abort") {
            try await $0.send(.DELETE, "/2/media/upload/\(filler)")
        }
        let data = try await api.waitUntilProcessed(id)
        #expect(data.processingInfo?.state == .succeeded, "\(data)")
        #expect(data.original?.sha256 == video.sha256)
        #expect(try server.verify() == 0)
    }

    @Test(
        "without a free byte media is deleted all the same, and then there is room",
        .enabled(if: MountedServer.isPossible, "mounting a tmpfs of its own needs root and CAP_SYS_ADMIN"))
    func deletion() async throws {
        let server = try await MountedServer(size: "24m")
        let api = server.api
        let filler = try await api.initialize(bytes: 400 << 20, type: "video/mp4", category: "tweet_video")
        var index = 0
        for size in [256 << 10, 4 << 10] {
            while index < 8000, try await taken(filler, index, size, api) { index += 1 }
        }
        // The catalog's log may have room left: until there is none either.
        var writes = 0
        var last = 200
        while last == 200, writes < 20_000 {
            try server.fill()
            last = try await api.json(.POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#).status
            writes += 1
        }
        #expect(last == 507, "after \(writes) writes")
        let deleted = try await api.send(.DELETE, "/2/media/upload/\(filler)")
        #expect(deleted.status == 200, "\(deleted.text)")
        try await Client(api, patience: .seconds(20)).send("initialize") {
            try await $0.json(.POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#)
        }
        #expect(try server.verify() == 0)
    }

    @Test(
        "after a clean stop, without a free byte, the operator removes media and the server starts and deletes",
        .enabled(if: MountedServer.isPossible, "mounting a tmpfs of its own needs root and CAP_SYS_ADMIN"))
    func start() async throws {
        let server = try await MountedServer(size: "64m")
        var ids: [String] = []
        for _ in 0..<2 {
            let id = try await server.api.initialize(bytes: 400 << 20, type: "video/mp4", category: "tweet_video")
            for index in 0..<12 {
                #expect(try await server.api.append(id, index: index, Data(count: 1 << 20)).status == 200)
            }
            ids.append(id)
        }
        try server.stop()
        try server.fill()
        let removed = try server.roost("media", "remove", ids[0])
        #expect(removed.status == 0, "\(removed)")
        #expect(removed.output.hasSuffix("is erased"), "\(removed)")

        // With room, the reserve is made again.
        try server.start()
        try server.stop()
        try server.fill()
        try server.start()
        #expect(try await server.api.status(ids[1]).segments?.isEmpty == false)
        let deleted = try await server.api.send(.DELETE, "/2/media/upload/\(ids[1])")
        #expect(deleted.status == 200, "\(deleted.text)")
        try await Client(server.api, patience: .seconds(20)).send("initialize") {
            try await $0.json(.POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#)
        }
        #expect(try server.verify() == 0)
    }

    private func free(_ api: APIClient) async throws -> Int {
        let text = try await api.send(.GET, "/metrics", authorized: false).text
        let line = text.split(separator: "\n").first { $0.hasPrefix("roost_free_bytes ") } ?? ""
        return Int(Double(line.split(separator: " ").last ?? "") ?? 0)
    }

    /// Whether there was room for one more segment.
    private func taken(_ id: String, _ index: Int, _ size: Int, _ api: APIClient) async throws -> Bool {
        let answer = try await api.append(id, index: index % 9000, Data(count: size))
        if answer.status != 200 { #expect([503, 507].contains(answer.status), "\(answer.text)") }
        return answer.status == 200
    }
}

/// What lies in the way at a start.
@Suite("A scratch folder that cannot be emptied")
struct LeftoverTests {
    @Test(
        "the server starts beside what it cannot remove, and processes",
        .enabled(if: MountedServer.isPossible, "mounting a tmpfs of its own needs root and CAP_SYS_ADMIN"))
    func start() async throws {
        let server = try await MountedServer(
            size: "200m", before: #"mkdir -p "$1/data/scratch/left" && mount -t tmpfs none "$1/data/scratch/left""#)
        let photo = Fixtures.photo
        let id = try await server.api.initialize(bytes: photo.count, type: "image/jpeg", category: "tweet_image")
        #expect(try await server.api.append(id, index: 0, photo).status == 200)
        #expect(try await server.api.finalize(id).status == 200)
    }
}
