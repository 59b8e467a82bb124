package import MediaCore
package import MediaRules
package import XMedia

extension SQLCatalog: UploadCatalog {
    package func create(
        _ upload: MediaRecord, quota: UserQuota, claim: IdempotencyClaim?
    ) async throws(StoreError) -> CreateUploadOutcome {
        let reserved = upload.size ?? upload.declaredBytes ?? UserQuota.step
        return try await write { session throws(SQLFailure) in
            if let claim, let earlier = try session.claim(claim) { return .answeredBefore(earlier) }
            if let taken = try session.reserve(reserved, for: upload.ownerID, limit: quota.bytes) {
                try session.unclaim(claim)
                return .overQuota(.bytes(taken: taken, asked: reserved, limit: quota.bytes ?? 0))
            }
            if let limit = quota.openUploads, try session.openUploads(of: upload.ownerID) >= limit {
                try session.release(reserved, of: upload.ownerID)
                try session.unclaim(claim)
                return .overQuota(.openUploads(limit: limit))
            }
            try session.insert(upload, reserved: reserved)
            return .created
        }
    }

    package func storedBytes(of user: UserID) async throws(StoreError) -> Int64 {
        try await read { session throws(SQLFailure) in try session.storedBytes(of: user) }
    }

    package func media(_ id: MediaID) async throws(StoreError) -> MediaRecord? {
        try await read { session throws(SQLFailure) in try session.media(id) }
    }

    package func upload(_ id: MediaID) async throws(StoreError) -> (media: MediaRecord, segments: [Segment])? {
        try await read { session throws(SQLFailure) in
            guard let media = try session.media(id) else { return nil }
            return (media, media.state == .uploading ? try session.segments(of: id) : [])
        }
    }

    package func segments(of id: MediaID) async throws(StoreError) -> [Segment] {
        try await read { session throws(SQLFailure) in try session.segments(of: id) }
    }

    package func commitSegment(
        _ attempt: NewSegment, quota: UserQuota, at now: Timestamp
    ) async throws(StoreError) -> SegmentCommit {
        try await write { session throws(SQLFailure) in
            let lock = quota.bytes == nil ? session.dialect.forShare : session.dialect.forUpdate
            guard let upload = try session.liveMedia(attempt.mediaID, at: now, lock: lock) else { return .gone }
            guard upload.state == .uploading else {
                return .closed(upload, counting: try session.countingSegment(like: attempt))
            }
            if let limit = quota.bytes, let excess = try session.makeRoom(for: attempt, in: upload, limit: limit) {
                return .overQuota(excess)
            }
            let generation = try session.insert(attempt)
            let superseded = try generation > 0 ? session.attempts(of: attempt, before: generation) : []
            return .committed(upload, superseded: superseded)
        }
    }

    package func finalize(
        _ id: MediaID, category: MediaCategory?, at now: Timestamp, expiresAt: Timestamp, rules: RuleBook,
        queueLimit: Int, quota: UserQuota
    ) async throws(StoreError) -> FinalizeOutcome {
        try await write { session throws(SQLFailure) in
            guard var upload = try session.liveMedia(id, at: now, lock: session.dialect.forUpdate) else { return .gone }
            guard upload.state == .uploading else { return .closed(upload, byThisCall: false) }
            let category = upload.category ?? category
            let segments = try session.segments(of: id)
            let manifest: SegmentManifest
            do throws(SegmentManifest.Fault) {
                manifest = try SegmentManifest(
                    closing: segments, declaredBytes: upload.declaredBytes, limit: rules.mostBytes(in: category))
            } catch {
                return .incomplete(upload, error)
            }
            guard try session.hasRoomInQueue(limit: queueLimit) else { return .overloaded }
            // What was reserved and not sent is free again.
            let unused = try session.reservedBytes(of: id) - manifest.size
            try session.release(unused, of: upload.ownerID)
            if let limit = quota.waitingJobs, try session.waitingMedia(of: upload.ownerID) >= limit {
                try session.release(-unused, of: upload.ownerID)
                return .overQuota(.waitingJobs(limit: limit))
            }
            upload.category = category
            upload.size = manifest.size
            upload.expiresAt = expiresAt
            upload.state = try upload.state(after: .finalize)
            try session.execute(
                "UPDATE media SET category = ?, size = ?, reserved_bytes = ?, expires_at = ?, state = ? WHERE id = ?",
                [upload.category, upload.size, manifest.size, upload.expiresAt, upload.state, id])
            try session.queue(upload.foregroundJob, for: id, at: now)
            return .closed(upload, byThisCall: true)
        }
    }

    package func openUploadCount() async throws(StoreError) -> Int {
        try await read { session throws(SQLFailure) in
            let rows = try session.query("SELECT COUNT(*) FROM media WHERE state = 'uploading'")
            guard var row = rows.first else { return 0 }
            return Int(try row.integer())
        }
    }
}

extension SQLSession {
    /// The media, unless there is none, or it has expired or is being deleted.
    func liveMedia(_ id: MediaID, at now: Timestamp, lock: String) throws(SQLFailure) -> MediaRecord? {
        guard let media = try media(id, lock: lock), media.state != .deleting, !media.isExpired(at: now) else {
            return nil
        }
        return media
    }

    /// Puts a row into the catalog that was not there.
    func insert(_ media: MediaRecord, reserved: Int64) throws(SQLFailure) {
        try execute(
            """
            INSERT INTO media
                (id, media_key_prefix, owner_id, additional_owners, category, declared_type, declared_bytes, shared,
                created_at, expires_at, state, size, progress, expected_end, failure, facts, original, original_sha256,
                original_crc32c, metadata, reserved_bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                media.id, media.mediaKeyPrefix, media.ownerID,
                media.additionalOwners.map(\.description).joined(separator: " "),
                media.category, media.declaredType, media.declaredBytes, media.shared, media.createdAt, media.expiresAt,
                media.state, media.size, media.progress, media.expectedEnd,
                try JSONColumn.encode(optional: media.failure), JSONColumn.encode(optional: media.facts),
                media.original?.blob, media.original?.sha256, media.original?.crc32c,
                JSONColumn.encode(media.metadata), reserved,
            ])
    }

    /// Adds an attempt as the latest of its index; returns its generation.
    ///
    /// Two that add to the same index at the same moment find the same number. The second waits for the first, adds
    /// nothing, and looks again: each time somebody else's attempt was committed, so none waits for ever, while running
    /// the whole method again would let one lose against as many others as there are.
    @discardableResult
    func insert(_ attempt: NewSegment) throws(SQLFailure) -> Int64 {
        for _ in 0..<Self.mostGenerationsTried {
            let rows = try query(
                """
                INSERT INTO segments (media_id, segment_index, generation, blob, size, crc32c)
                VALUES (?, ?, (SELECT COALESCE(MAX(generation) + 1, 0) FROM segments
                    WHERE media_id = ? AND segment_index = ?), ?, ?, ?)
                ON CONFLICT (media_id, segment_index, generation) DO NOTHING RETURNING generation
                """,
                [
                    attempt.mediaID, attempt.index, attempt.mediaID, attempt.index, attempt.blob, attempt.stored.size,
                    attempt.stored.crc32c,
                ])
            guard var row = rows.first else { continue }
            return try row.integer()
        }
        throw .conflict("attempts of segment \(attempt.index) of \(attempt.mediaID) are added all the time")
    }

    /// How often an attempt looks for its number, more often than there are connections.
    private static var mostGenerationsTried: Int { 1000 }

    /// The attempts of an index that came before a generation.
    fileprivate func attempts(
        of attempt: NewSegment, before generation: Int64
    ) throws(SQLFailure) -> [BlobName] {
        try blobs(
            "SELECT blob FROM segments WHERE media_id = ? AND segment_index = ? AND generation < ? ORDER BY generation",
            [attempt.mediaID, attempt.index, generation])
    }

    /// The counting segment of an attempt's index.
    fileprivate func countingSegment(like attempt: NewSegment) throws(SQLFailure) -> Segment? {
        try query(
            """
            SELECT \(Segment.columns) FROM segments WHERE segments.media_id = ? AND segments.segment_index = ?
            ORDER BY segments.generation DESC LIMIT 1
            """, [attempt.mediaID, attempt.index]
        ).first.map(Segment.init(_:))
    }
}
