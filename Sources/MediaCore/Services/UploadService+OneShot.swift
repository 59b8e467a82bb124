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
            var upload = try await judged(request, owner: owner, id: id)
            if upload.category == nil { upload.category = try await category(of: name, size: stored.size) }
            upload.expiresAt = upload.createdAt + settings.mediaLifetime
            let segment = NewSegment(mediaID: id, index: 0, blob: name, stored: stored)
            let closed = try await catalog.createClosed(
                upload, segment: segment, at: upload.createdAt, rules: rules, queueLimit: settings.jobQueueLimit,
                quota: settings.quota)
            try announce(closed, of: id)
            return try await outcome(of: id)
        } catch {
            if case .mediaFailed? = error as? ServiceError { throw error }
            // With a row, the sweeper erases row and bytes; without one, there are only the bytes.
            if (try? await catalog.markDeleting(id, owner: owner, onlyUnfinished: true)) == true {
                discards.notify()
            } else {
                // Of a catalog that does not answer it is not known that there is no row: the bytes stay.
                do { if try await catalog.media(id) == nil { try await blobs.delete([name]) } } catch {}
            }
            throw (error as? StoreError).map { ServiceError($0) } ?? error
        }
    }
}
