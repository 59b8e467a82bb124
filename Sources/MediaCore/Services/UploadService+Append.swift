import MediaRules
import NIOCore
package import XMedia

extension UploadService {
    /// Whether a segment can be sent to this upload now; asked before a body is read.
    ///
    /// A closed upload is not refused here: the same segment again is answered like the first time.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)``, ``ServiceError/storageFull``, ``ServiceError/storeFailed(_:)``.
    package func prepareAppend(to id: MediaID, by user: UserID) async throws(ServiceError) -> MediaRecord {
        let upload = try await ownUpload(id, of: user)
        try await space.check()
        return upload
    }

    /// Receives a segment: its bytes are durable and its row is committed when this returns.
    ///
    /// The index may come after the bytes (multipart fields come in any order), so it is what `receive` returns.
    ///
    /// - Parameters:
    ///   - upload: as ``prepareAppend(to:by:)`` gave it.
    ///   - receive: writes the bytes and returns the segment's index; its own errors pass through unchanged.
    /// - Throws: ``ServiceError``, or what `receive` throws.
    package func append(
        to upload: MediaRecord, receive: (any BlobWriter) async throws -> Int
    ) async throws -> MediaRecord {
        let name = namer.name(.attempt, of: upload.id)
        let limit = settings.rules.maxSegmentBytes
        let allowed = 0...settings.rules.maxSegmentIndex(totalBytes: upload.declaredBytes)
        var index = 0
        let stored: StoredBlob
        do {
            stored = try await receptions.during(of: upload.ownerID) {
                try await blobs.write(name) { writer in
                    let bounded = BoundedWriter(writer, limit: limit)
                    index = try await receive(bounded)
                    guard allowed.contains(index) else {
                        throw ServiceError.segmentIndexOutOfRange(index: index, allowed: allowed)
                    }
                    guard bounded.written > 0 else { throw ServiceError.segmentEmpty }
                }
            }
        } catch is BoundedWriter.LimitExceeded {
            throw ServiceError.segmentTooLarge(limit: limit)
        } catch let error as StoreError {
            throw ServiceError(error)
        }
        return try await commit(NewSegment(mediaID: upload.id, index: index, blob: name, stored: stored))
    }

    private func commit(_ segment: NewSegment) async throws -> MediaRecord {
        let outcome: SegmentCommit
        do {
            outcome = try await catalog.commitSegment(segment, quota: settings.quota, at: clock.now)
        } catch {
            // The commit may have happened although its answer was lost (a failed group commit has not). The row, if
            // there is one, names the blob, so it must stay; without a row the sweeper of the next start takes it.
            throw ServiceError(error)
        }
        switch outcome {
        case .committed(let upload, let superseded):
            if !superseded.isEmpty { discards.notify() }
            return upload
        case .gone:
            try? await blobs.delete([segment.blob])
            throw ServiceError.mediaNotFound(segment.mediaID)
        case .overQuota(let excess):
            try? await blobs.delete([segment.blob])
            throw ServiceError.overQuota(excess)
        case .closed(let upload, let counting):
            let isSame: Result<Bool, any Error>
            do {
                isSame = .success(try await holdsSameBytes(segment, as: counting, in: upload))
            } catch {
                isSame = .failure(error)
            }
            // No row names it, whatever came of the comparison.
            try? await blobs.delete([segment.blob])
            if try isSame.get() { return upload }
            throw counting == nil
                ? ServiceError.uploadClosed(upload.id, upload.state)
                : ServiceError.segmentDiffers(upload.id, index: segment.index)
        }
    }

    /// Whether a late segment is the one that counts.
    ///
    /// Decided by the bytes; the CRC only says no early.
    private func holdsSameBytes(
        _ late: NewSegment, as counting: Segment?, in upload: MediaRecord
    ) async throws -> Bool {
        guard let counting, counting.size == late.stored.size, counting.crc32c == late.stored.crc32c else {
            return false
        }
        do {
            do {
                let received = try await blobs.read(counting.blob, range: 0..<counting.size)
                return try await sameBytes(received, blobs.read(late.blob, range: 0..<late.stored.size))
            } catch StoreError.notFound {
                // Composed and deleted: its bytes are those of the original from where it began.
                guard let original = try await catalog.media(upload.id)?.original else { throw StoreError.notFound }
                let before = try await catalog.segments(of: upload.id).prefix { $0.index < late.index }
                let start = before.reduce(into: Int64(0)) { $0 += $1.size }
                let received = try await blobs.read(original.blob, range: start..<start + counting.size)
                return try await sameBytes(received, blobs.read(late.blob, range: 0..<late.stored.size))
            }
        } catch StoreError.notFound {
            // Erased between the answers of catalog and store: the media is being deleted.
            guard try await record(upload.id) != nil else { throw ServiceError.mediaNotFound(upload.id) }
            throw ServiceError(.notFound)
        } catch let error as StoreError {
            throw ServiceError(error)
        }
    }
}

/// Whether two blobs hold the same bytes.
private func sameBytes(_ first: BlobBytes, _ second: BlobBytes) async throws -> Bool {
    var left = BufferedBytes(first)
    var right = BufferedBytes(second)
    while true {
        let one = try await left.next()
        let other = try await right.next()
        guard let one, let other else { return one == nil && other == nil }
        let count = min(one.readableBytes, other.readableBytes)
        if !one.readableBytesView.prefix(count).elementsEqual(other.readableBytesView.prefix(count)) { return false }
        left.keep(one, after: count)
        right.keep(other, after: count)
    }
}
