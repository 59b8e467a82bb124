package import MediaCore
package import MediaRules
import XMedia

/// An upload in one request; a part of ``UploadCatalog``.
extension SQLCatalog {
    package func createClosed(
        _ upload: MediaRecord, segment: NewSegment, at now: Timestamp, rules: RuleBook, queueLimit: Int,
        quota: UserQuota
    ) async throws(StoreError) -> FinalizeOutcome {
        let counting = Segment(
            mediaID: upload.id, index: segment.index, generation: 0, blob: segment.blob, size: segment.stored.size,
            crc32c: segment.stored.crc32c)
        let size: Int64
        do throws(SegmentManifest.Fault) {
            size = try SegmentManifest(
                closing: [counting], declaredBytes: upload.declaredBytes, limit: rules.mostBytes(in: upload.category)
            ).size
        } catch {
            return .incomplete(upload, error)
        }
        return try await write { session throws(SQLFailure) in
            var upload = upload
            upload.size = size
            upload.state = try upload.state(after: .finalize)
            guard try session.hasRoomInQueue(limit: queueLimit) else { return .overloaded }
            if let taken = try session.reserve(size, for: upload.ownerID, limit: quota.bytes) {
                return .overQuota(.bytes(taken: taken, asked: size, limit: quota.bytes ?? 0))
            }
            // Whoever else creates or closes for the same user waits from here on, so these numbers are true.
            if let excess = try session.excess(of: upload.ownerID, over: quota) {
                try session.release(size, of: upload.ownerID)
                return .overQuota(excess)
            }
            try session.insert(upload, reserved: size)
            try session.insert(segment)
            try session.queue(upload.foregroundJob, for: upload.id, at: now)
            return .closed(upload, byThisCall: true)
        }
    }
}

extension SQLSession {
    /// What a user has too many of for one more.
    fileprivate func excess(of user: UserID, over quota: UserQuota) throws(SQLFailure) -> UserQuota.Excess? {
        if let limit = quota.openUploads, try openUploads(of: user) >= limit { return .openUploads(limit: limit) }
        if let limit = quota.waitingJobs, try waitingMedia(of: user) >= limit { return .waitingJobs(limit: limit) }
        return nil
    }
}

extension RuleBook {
    /// The largest file of a category; without any, the largest that one of them takes.
    func mostBytes(in category: MediaCategory?) -> Int64 {
        (category.map { [$0] } ?? MediaCategory.allCases).map { limits(for: $0).maxBytes }.max() ?? 0
    }
}
