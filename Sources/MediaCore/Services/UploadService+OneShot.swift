import MediaRules
package import XMedia

extension UploadService {
    /// What a one-shot request said beside the media, as far as it is known when the first byte is written.
    package typealias OneShotReceiver = (any BlobWriter) async throws -> InitializeRequest

    /// Initialize, one segment and finalize in one.
    ///
    /// - Parameters:
    ///   - receive: writes the bytes and returns the other members, which may come after them.
    /// - Throws: ``ServiceError``, or what `receive` throws. Nothing is left of a request that fails.
    package func oneShot(owner: UserID, receive: OneShotReceiver) async throws -> UploadStatus {
        try await space.check()
        try await checkQueue()
        let id = MediaID(rawValue: ids.next())
        let name = namer.name(.attempt, of: id)
        let rules = settings.rules
        // The category may come after the media, so the largest limit bounds the stream and its own limit the result.
        let largest = MediaCategory.allCases.map(rules.oneShotMaxBytes(for:)).max() ?? 0
        var request = InitializeRequest()
        let stored: StoredBlob
        do {
            stored = try await receptions.during(of: owner) {
                try await blobs.write(name) { writer in
                    let bounded = BoundedWriter(writer, limit: largest)
                    request = try await receive(bounded)
                    guard bounded.written > 0 else { throw ServiceError.segmentEmpty }
                    let category = request.mediaCategory ?? .tweetImage
                    let limit = rules.oneShotMaxBytes(for: category)
                    if bounded.written > limit { throw ServiceError.oneShotTooLarge(limit: limit, category: category) }
                }
            }
        } catch is BoundedWriter.LimitExceeded {
            throw ServiceError.oneShotTooLarge(limit: largest, category: .tweetVideo)
        } catch let error as StoreError {
            throw ServiceError(error)
        }
        request.totalBytes = stored.size
        do {
            let upload = try await initialize(request, owner: owner, id: id)
            let segment = NewSegment(mediaID: upload.id, index: 0, blob: name, stored: stored)
            // Initialize has reserved just these bytes.
            guard case .committed = try await catalog.commitSegment(segment, quota: .unlimited, at: clock.now) else {
                throw ServiceError.mediaNotFound(upload.id)
            }
            return try await finalize(upload.id, by: owner)
        } catch {
            if case .mediaFailed? = error as? ServiceError { throw error }
            // With a row, the sweeper erases row and bytes; without one, there are only the bytes.
            if (try? await catalog.markDeleting(id, owner: owner, onlyUnfinished: true)) == true {
                discards.notify()
            } else if (try? await catalog.media(id)) == .some(nil) {
                try? await blobs.delete([name])
            }
            throw (error as? StoreError).map { ServiceError($0) } ?? error
        }
    }
}
