import MediaRules
import NIOCore
import SQLCatalog
import Testing
import XMedia

@testable import MediaCore

@Suite("Sweeping and posts")
struct SweeperTests {
    @Test("blobs of earlier boots without a row are erased, those of this boot and those with a row stay")
    func leftBehind() async throws {
        let rig = try await Rig()
        let upload = try await rig.initialize()
        try await rig.append(upload, 0, "has a row")
        let orphan = rig.namer.name(.attempt, of: upload.id)
        _ = try await rig.blobs.write(orphan) { try await $0.write(ByteBuffer(string: "no row")) }
        #expect(try await rig.sweeper().sweepLeftBehind() == 0)
        #expect(try await rig.sweeper(bootID: BlobNamer().bootID).sweepLeftBehind() == 1)
        #expect(try await rig.storedBlobs().count == 1)
    }

    @Test("a left-behind blob that cannot be erased keeps no others from it, and is erased the next time")
    func leftBehindUnerasable() async throws {
        let rig = try await Rig()
        for _ in 0..<3 {
            _ = try await rig.blobs.write(rig.namer.name(.attempt, of: MediaID(rawValue: 1))) {
                try await $0.write(ByteBuffer(string: "no row"))
            }
        }
        // All together, then the second one.
        for call in [1, 3] { rig.blobs.inject(.delete, call: call) { throw StoreError.unavailable("test") } }
        let sweeper = rig.sweeper(bootID: BlobNamer().bootID)
        await #expect(throws: StoreError.self) { try await sweeper.sweepLeftBehind() }
        #expect(try await rig.storedBlobs().count == 1)
        #expect(try await sweeper.sweepLeftBehind() == 1)
    }

    @Test("left-behind blobs are looked for again until they were all seen once", .timeLimit(.minutes(1)))
    func leftBehindAgain() async throws {
        let rig = try await Rig()
        let orphan = rig.namer.name(.attempt, of: MediaID(rawValue: 1))
        _ = try await rig.blobs.write(orphan) { try await $0.write(ByteBuffer(string: "no row")) }
        rig.blobs.inject(.list, call: 1) { throw StoreError.unavailable("test") }
        let began = rig.clock.now
        let sweeping = Task { try await rig.sweeper(bootID: BlobNamer().bootID).run() }
        while rig.blobs.calls(of: .delete) == 0 {
            rig.clock.advance(by: .seconds(1))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(rig.clock.now >= began + Sweeper.listingInterval)
        let listings = rig.blobs.calls(of: .list)
        #expect(listings == 2)
        // Now that all were seen, never again.
        for _ in 0..<20 {
            rig.clock.advance(by: Sweeper.listingInterval)
            try await Task.sleep(for: .milliseconds(1))
        }
        sweeping.cancel()
        try await sweeping.value
        #expect(rig.blobs.calls(of: .list) == listings)
    }

    @Test("posting takes media out of expiry; deleting the last post starts it again")
    func expiry() async throws {
        let rig = try await Rig()
        let media = try await rig.readyVideo()
        var posts: [PostRecord] = []
        for text in ["one", "two"] {
            let request = CreatePostRequest(text: text, media: .init(mediaIDs: [media.id]))
            posts.append(try await rig.posts.create(request, body: .object([:]), author: rig.alice))
        }
        #expect(try await rig.require(media.id).expiresAt == nil)
        rig.clock.advance(by: .seconds(1_000_000))
        try await rig.sweeper().sweep()
        #expect(try await rig.require(media.id).state == .succeeded)
        try await rig.posts.delete(posts[0].id, author: rig.alice)
        #expect(try await rig.require(media.id).expiresAt == nil)
        try await rig.posts.delete(posts[1].id, author: rig.alice)
        #expect(try await rig.require(media.id).expiresAt == rig.clock.now + .seconds(86_400))
        rig.clock.advance(by: .seconds(86_400))
        try await rig.sweeper().sweep()
        #expect(try await rig.catalog.media(media.id) == nil)
    }

    @Test("a video longer than may be posted is refused at the post")
    func tooLongToPost() async throws {
        let rig = try await Rig()
        let limit = rig.settings.rules.postMaxVideoDurationMs
        let media = try await rig.readyVideo(durationMs: limit + 1)
        await #expect(throws: ServiceError.postVideoTooLong(limitMinutes: Int(limit / 60_000))) {
            try await rig.posts.create(
                CreatePostRequest(text: "long", media: .init(mediaIDs: [media.id])), body: .object([:]),
                author: rig.alice)
        }
    }

    @Test("media of others, unknown media, media for messages and the same media twice cannot be posted")
    func invalidMedia() async throws {
        let rig = try await Rig()
        let own = try await rig.readyVideo()
        let message = try await rig.readyVideo(category: .dmVideo)
        let unknown = MediaID(rawValue: 7)
        for (author, ids) in [
            (rig.bob, [own.id]), (rig.alice, [unknown]), (rig.alice, [message.id]), (rig.alice, [own.id, own.id]),
        ] {
            await #expect(throws: ServiceError.postMediaInvalid(ids)) {
                try await rig.posts.create(
                    CreatePostRequest(text: "x", media: .init(mediaIDs: ids)), body: .object([:]), author: author)
            }
        }
    }

    @Test("the same post again within 15 minutes is a duplicate, later it is not")
    func duplicate() async throws {
        let rig = try await Rig()
        func post(_ author: UserID) async throws {
            _ = try await rig.posts.create(CreatePostRequest(text: "same"), body: .object([:]), author: author)
        }
        try await post(rig.alice)
        try await post(rig.bob)
        await #expect(throws: ServiceError.postDuplicate) { try await post(rig.alice) }
        rig.clock.advance(by: .seconds(15 * 60 + 1))
        try await post(rig.alice)
    }
}
