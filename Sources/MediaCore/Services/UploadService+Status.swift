package import XMedia

extension UploadService {
    /// Where an upload stands, for its uploader and the additional owners; the segments for an open upload.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)`` for unknown, foreign and expired ids alike,
    ///   ``ServiceError/storeFailed(_:)``.
    package func status(_ id: MediaID, by user: UserID) async throws(ServiceError) -> UploadStatus {
        guard let media = try await record(id), media.isReadable(by: user) else { throw .mediaNotFound(id) }
        guard media.state == .uploading else { return UploadStatus(media: media) }
        do {
            return UploadStatus(media: media, segments: try await catalog.segments(of: id))
        } catch {
            throw ServiceError(error)
        }
    }

    /// An open upload is given up; its rows and bytes are erased soon.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)``, ``ServiceError/uploadClosed(_:_:)`` when it was finalized,
    ///   ``ServiceError/storeFailed(_:)``.
    package func abort(_ id: MediaID, by user: UserID) async throws(ServiceError) {
        let upload = try await ownUpload(id, of: user)
        do {
            guard try await catalog.markDeleting(id, owner: user, onlyUnfinished: true) else {
                throw upload.state == .uploading
                    ? ServiceError.mediaNotFound(id) : ServiceError.uploadClosed(id, upload.state)
            }
        } catch {
            throw ServiceError(wrapping: error)
        }
        discards.notify()
    }
}
