import FileBlobStore
import Foundation
import MediaCore
import MediaRules
import NIOPosix
import ProgramSupport
import SQLCatalog
import XMedia

/// The services on a catalog in memory and on blobs in memory or in files, with a clock that stands still.
struct World: Sendable {
    /// How long an upload may stay open; less than media lasts, so that expiry takes only what is not finalized.
    static let uploadLifetime = Duration.seconds(100_000)

    let clock: ManualClock
    let catalog: any Catalog
    let blobs: FaultyBlobStore
    let uploads: UploadService
    let posts: PostService
    let media: MediaService
    let runner: JobRunner
    let sweeper: Sweeper
    /// The sweeper of the next start, to which every blob is one of an earlier boot.
    let laterSweeper: Sweeper
    let owner: UserID
    let alarms = AlarmLog()

    /// What outlives a schedule, because making it takes longer than a schedule does.
    struct Ground: Sendable {
        let clock = ManualClock()
        let catalog: SQLCatalog
        let files: FileBlobStore
        let scratch: String
        let owner = UserID(rawValue: 100)

        /// Makes an empty catalog and an empty store.
        init(folder: String) async throws {
            catalog = try await SQLCatalog.inMemory()
            files = try await FileBlobStore(root: "\(folder)/blobs", durability: .process, threadPool: .singleton)
            scratch = "\(folder)/scratch"
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
            _ = try await catalog.ensureUser(User(id: owner, name: "alice", username: "alice"), at: clock.now)
        }
    }

    init(on ground: Ground, for schedule: Schedule) {
        (clock, catalog, owner) = (ground.clock, ground.catalog, ground.owner)
        blobs = FaultyBlobStore(schedule.usesFiles ? ground.files : InMemoryBlobStore())
        for fault in schedule.faults { blobs.inject(fault) }
        var settings = CoreSettings(rules: RuleBook(profile: .x))
        settings.uploadLifetime = Self.uploadLifetime
        settings.mediaLifetime = .seconds(100_000_000)
        settings.freeSpaceReserve = 0
        let namer = BlobNamer()
        let ids = SnowflakeSource(clock: clock, worker: 0)
        let context = CoreContext(
            catalog: catalog, blobs: blobs, clock: clock, ids: ids, namer: namer, logger: alarms.logger)
        uploads = UploadService(context: context, settings: settings)
        posts = PostService(catalog: catalog, clock: clock, ids: ids, settings: settings)
        media = MediaService(catalog: catalog, clock: clock)
        runner = JobRunner(
            context: context, processor: CopyingProcessor(), slots: 2, scratch: ground.scratch)
        sweeper = Sweeper(
            catalog: catalog, blobs: blobs, clock: clock, bootID: namer.bootID, discards: context.discards,
            logger: context.logger)
        laterSweeper = Sweeper(
            catalog: catalog, blobs: blobs, clock: clock, bootID: BlobNamer().bootID, discards: context.discards,
            logger: context.logger)
    }

    /// Everything that the store holds.
    func storedBlobs() async throws -> Set<BlobName> {
        var names: Set<BlobName> = []
        try await blobs.list { entries in names.formUnion(entries.map(\.name)) }
        return names
    }
}

/// Takes everything for a video and makes a rendition with the original's bytes.
private struct CopyingProcessor: MediaProcessor {
    func judge(
        _ task: ProcessingTask, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> ProcessedMedia {
        let path = "\(task.scratch)/copy"
        do {
            try FileManager.default.copyItem(atPath: task.original, toPath: path)
        } catch {
            throw .unavailable("\(error)")
        }
        return ProcessedMedia(
            facts: MediaFacts(kind: .photo, mediaType: .jpeg, width: 1, height: 1),
            renditions: [
                ProducedRendition(role: .full, path: path, contentType: "image/jpeg", width: 1, height: 1)
            ], hasBackgroundWork: false)
    }

    func makeRenditions(
        _ task: ProcessingTask, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> [ProducedRendition] { [] }
}

extension FaultyBlobStore {
    /// Lets others go first, and throws if the schedule says so.
    fileprivate func inject(_ fault: Schedule.Fault) {
        let operations: [Operation] = [
            .write, .writeBytes, .compose, .adopt, .read, .readBytes, .withLocalFile, .delete,
        ]
        inject(operations[fault.operation], call: fault.call, fault.isAfter ? .after : .before) {
            for _ in 0..<fault.delay { await Task.yield() }
            if fault.throwsError { throw StoreError.unavailable("a schedule wants it") }
        }
    }
}
