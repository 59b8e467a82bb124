package import XMedia

extension UploadService {
    /// Where an upload stands, for its uploader and the additional owners; the segments for an open upload.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)`` for unknown, foreign and expired ids alike,
    ///   ``ServiceError/storeFailed(_:)``.
    package func status(_ id: MediaID, by user: UserID) async throws(ServiceError) -> UploadStatus {
        let found: (media: MediaRecord, segments: [Segment])?
        do {
            found = try await catalog.upload(id)
        } catch {
            throw ServiceError(error)
        }
        guard let (media, segments) = found, media.state != .deleting, !media.isExpired(at: clock.now),
            media.isReadable(by: user)
        else { throw .mediaNotFound(id) }
        return UploadStatus(media: media, segments: segments)
    }

    /// An open upload is given up; its rows and bytes are erased soon.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)``, ``ServiceError/uploadClosed(_:_:)`` when it was finalized,
    ///   ``ServiceError/storeFailed(_:)``.
    package func abort(_ id: MediaID, by user: UserID) async throws(ServiceError) {
        _ = try await ownUpload(id, of: user)
        let isMarked: Bool
        do {
            isMarked = try await catalog.markDeleting(id, owner: user, onlyUnfinished: true)
        } catch {
            throw ServiceError(error)
        }
        // Asked again: it may have been finalized, or erased, since.
        guard isMarked else { throw .uploadClosed(id, try await ownUpload(id, of: user).state) }
        discards.notify()
    }
}
