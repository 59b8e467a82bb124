import Foundation
import MediaCore
import NIOCore
import ProgramSupport
import Testing
import XMedia

/// What wakes somebody up must be worth it.
@Suite("Alarms")
struct AlarmTests {
    @Test("media that is removed while its job composes it is no damaged media")
    func removed() async throws {
        let folder = try TemporaryFolder()
        let world = World(on: try await World.Ground(folder: folder.path), for: .quiet)
        let upload = try await finalized(in: world)
        world.blobs.inject(.compose, call: 1) {
            _ = try await world.catalog.markDeleting(upload.id, owner: nil, onlyUnfinished: false)
            try await world.sweeper.sweep()
        }
        #expect(try await world.runner.runNext(JobKind.foreground))
        #expect(world.alarms.alarms.isEmpty)
        #expect(try await world.storedBlobs().isEmpty)
    }

    @Test("bytes that are lost are an alarm")
    func lost() async throws {
        let folder = try TemporaryFolder()
        let world = World(on: try await World.Ground(folder: folder.path), for: .quiet)
        let upload = try await finalized(in: world)
        try await world.blobs.delete(Array(world.storedBlobs()))
        #expect(try await world.runner.runNext(JobKind.foreground))
        #expect(world.alarms.alarms.count == 1)
        #expect(try await world.catalog.media(upload.id)?.failure?.error.name == "InternalError")
    }

    private func finalized(in world: World) async throws -> MediaRecord {
        let upload = try await world.uploads.initialize(
            InitializeRequest(mediaCategory: .tweetVideo, totalBytes: 3), owner: world.owner)
        _ = try await world.uploads.append(to: upload) { writer in
            try await writer.write(ByteBuffer(string: "abc"))
            return 0
        }
        _ = try await world.uploads.finalize(upload.id, by: world.owner)
        return upload
    }
}
