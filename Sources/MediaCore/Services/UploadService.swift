package import Logging
import MediaRules
import XMedia

/// Uploads from initialize to the outcome; one file for each step.
package struct UploadService: Sendable {
    let catalog: any Catalog
    let blobs: any BlobStore
    let clock: any WallClock
    let ids: SnowflakeSource
    let namer: BlobNamer
    let settings: CoreSettings
    let space: SpaceGuard
    let receptions: Receptions
    let jobs: JobSignal
    let discards: JobSignal
    let outcomes: OutcomeBoard
    let logger: Logger

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - jobs: given when a job was queued.
    ///   - discards: given when attempts were superseded.
    ///   - outcomes: tells the end of jobs to finalize.
    package init(
        catalog: any Catalog, blobs: any BlobStore, clock: any WallClock, ids: SnowflakeSource, namer: BlobNamer,
        settings: CoreSettings, jobs: JobSignal, discards: JobSignal, outcomes: OutcomeBoard, logger: Logger
    ) {
        self.catalog = catalog
        self.blobs = blobs
        self.clock = clock
        self.ids = ids
        self.namer = namer
        self.settings = settings
        self.space = SpaceGuard(blobs: blobs, reserve: settings.freeSpaceReserve, clock: clock)
        self.receptions = Receptions(most: settings.receptionLimit)
        self.jobs = jobs
        self.discards = discards
        self.outcomes = outcomes
        self.logger = logger
    }

    /// The upload of this user, if it has not expired.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)`` for unknown, foreign and expired ids alike.
    func ownUpload(_ id: MediaID, of user: UserID) async throws(ServiceError) -> MediaRecord {
        guard let upload = try await record(id), upload.ownerID == user else { throw .mediaNotFound(id) }
        return upload
    }

    /// The row, unless it has expired or is being deleted.
    func record(_ id: MediaID) async throws(ServiceError) -> MediaRecord? {
        let record: MediaRecord?
        do {
            record = try await catalog.media(id)
        } catch {
            throw ServiceError(error)
        }
        guard let record, record.state != .deleting, !record.isExpired(at: clock.now) else { return nil }
        return record
    }
}
