import Foundation
import Logging
import MediaRules
import NIOCore
import SQLCatalog
import XMedia

@testable import MediaCore

/// The services on a catalog and blobs in memory, a clock that stands still and a processor that does what a test says.
struct Rig {
    let clock = ManualClock()
    let catalog: SQLCatalog
    let blobs: FaultyBlobStore
    let namer = BlobNamer()
    let ids: SnowflakeSource
    let context: CoreContext
    let uploads: UploadService
    let posts: PostService
    let media: MediaService
    let settings: CoreSettings
    let alice = UserID(rawValue: 100)
    let bob = UserID(rawValue: 200)

    init(
        settings: CoreSettings = CoreSettings(rules: RuleBook(profile: .x)), catalog given: SQLCatalog? = nil
    ) async throws {
        if let given { catalog = given } else { catalog = try await SQLCatalog.inMemory() }
        blobs = FaultyBlobStore(InMemoryBlobStore())
        ids = SnowflakeSource(clock: clock, worker: 0)
        self.settings = settings
        context = CoreContext(
            catalog: catalog, blobs: blobs, clock: clock, ids: ids, namer: namer, logger: Logger(label: "test"))
        uploads = UploadService(context: context, settings: settings)
        posts = PostService(catalog: catalog, clock: clock, ids: ids, settings: settings)
        media = MediaService(catalog: catalog, clock: clock)
        for (id, name) in [(alice, "alice"), (bob, "bob")] {
            _ = try await catalog.ensureUser(User(id: id, name: name, username: name), at: clock.now)
        }
    }

    func runner(_ processor: ScriptedProcessor) -> JobRunner {
        JobRunner(
            context: context, processor: processor, slots: 2,
            scratch: FileManager.default.temporaryDirectory.path)
    }

    func sweeper(bootID: String? = nil) -> Sweeper {
        Sweeper(
            catalog: catalog, blobs: blobs, clock: clock, bootID: bootID ?? namer.bootID, discards: context.discards,
            logger: Logger(label: "test"))
    }

    func initialize(_ category: MediaCategory = .tweetVideo, bytes: Int64? = nil) async throws -> MediaRecord {
        try await uploads.initialize(
            InitializeRequest(mediaCategory: category, totalBytes: bytes, additionalOwners: nil), owner: alice)
    }

    @discardableResult
    func append(_ upload: MediaRecord, _ index: Int, _ text: String) async throws -> MediaRecord {
        try await uploads.append(to: upload) { writer in
            try await writer.write(ByteBuffer(string: text))
            return index
        }
    }

    /// A video that is ready.
    func readyVideo(durationMs: Int64 = 1000, category: MediaCategory = .tweetVideo) async throws -> MediaRecord {
        let upload = try await initialize(category)
        try await append(upload, 0, "video")
        _ = try await uploads.finalize(upload.id, by: alice)
        let facts = MediaFacts(kind: .video, mediaType: .mp4, width: 16, height: 9, durationMs: durationMs)
        _ = try await runner(ScriptedProcessor { _ in .init(facts: facts, renditions: [], hasBackgroundWork: false) })
            .runNext(JobKind.foreground)
        return try await require(upload.id)
    }

    func require(_ id: MediaID) async throws -> MediaRecord {
        guard let media = try await catalog.media(id) else { throw StoreError.notFound }
        return media
    }

    func storedBlobs() async throws -> Set<BlobName> {
        var names: Set<BlobName> = []
        try await blobs.list { entries in names.formUnion(entries.map(\.name)) }
        return names
    }
}

/// Does what a test says.
struct ScriptedProcessor: MediaProcessor {
    typealias Script = @Sendable (ProcessingTask) async throws(ProcessingError) -> ProcessedMedia

    let script: Script

    init(_ script: @escaping Script) { self.script = script }

    func judge(
        _ task: ProcessingTask, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> ProcessedMedia { try await script(task) }

    func makeRenditions(
        _ task: ProcessingTask, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> [ProducedRendition] { try await script(task).renditions }
}
