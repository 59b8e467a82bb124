package import MediaCore
import XMedia

/// What a job publishes; a part of ``JobQueue``.
extension SQLCatalog {
    package func recordOriginal(_ original: OriginalBlob, for job: Job) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            guard try session.mediaHeld(by: job) != nil else { return false }
            // Both rows are locked: the lease cannot be lost any more.
            try session.record(original, of: job.mediaID)
            return true
        }
    }

    package func succeed(
        _ job: Job, original: OriginalBlob?, facts: MediaFacts?, renditions: [Rendition], followUp: JobKind?,
        at now: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            guard let media = try session.finish(job) else { return false }
            if let original { try session.record(original, of: media.id) }
            if job.kind.isForeground {
                try session.execute(
                    """
                    UPDATE media SET state = ?, facts = ?, progress = 100, expected_end = NULL, failure = NULL WHERE id = ?
                    """, [try media.state(after: .succeed), JSONColumn.encode(optional: facts), media.id])
            }
            for rendition in renditions { try session.insert(rendition) }
            if let followUp { try session.queue(followUp, for: media.id, at: now) }
            return true
        }
    }

    package func fail(_ job: Job, failure: MediaFailure, at now: Timestamp) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            guard let media = try session.finish(job) else { return false }
            guard job.kind.isForeground else { return true }
            try session.execute(
                "UPDATE media SET state = ?, failure = ?, expected_end = NULL WHERE id = ?",
                [try media.state(after: .fail), try JSONColumn.encode(failure), media.id])
            return true
        }
    }
}

extension SQLSession {
    /// The media, whose row is locked, has an original from now on.
    fileprivate func record(_ original: OriginalBlob, of id: MediaID) throws(SQLFailure) {
        try execute(
            "UPDATE media SET original = ?, original_sha256 = ?, original_crc32c = ?, attempts_left = 1 WHERE id = ?",
            [original.blob, original.sha256, original.crc32c, id])
    }

    /// The job is no longer queued; returns its media, nil when the lease was lost.
    fileprivate func finish(_ job: Job) throws(SQLFailure) -> MediaRecord? {
        guard let media = try mediaHeld(by: job),
            try execute(
                "DELETE FROM jobs WHERE media_id = ? AND kind = ? AND lease_token = ?",
                [job.mediaID, job.kind, job.leaseToken]) == 1
        else { return nil }
        return media
    }
}
