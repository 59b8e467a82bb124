import MediaRules
import XMedia

/// Uploads from initialize to the outcome; one file for each step.
package struct UploadService: CoreMember, Sendable {
    let context: CoreContext
    let settings: CoreSettings
    let space: SpaceGuard
    let receptions: Receptions

    package init(context: CoreContext, settings: CoreSettings) {
        self.context = context
        self.settings = settings
        space = SpaceGuard(blobs: context.blobs, reserve: settings.freeSpaceReserve, clock: context.clock)
        receptions = Receptions(most: settings.receptionLimit)
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
