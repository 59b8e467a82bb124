package import MediaCore
import XMedia

extension SQLCatalog: JobQueue {
    package func lease(
        _ kinds: [JobKind], token: String, at now: Timestamp, until: Timestamp
    ) async throws(StoreError) -> Job? {
        // Every start frees all leases.
        try await write(isSynchronized: false) { session throws(SQLFailure) in
            var oldest: FreeJob?
            for kind in kinds {
                guard let job = try session.oldestFreeJob(kind, at: now) else { continue }
                if oldest.map({ job.queuedAt < $0.queuedAt }) ?? true { oldest = job }
            }
            guard let job = oldest else { return nil }
            let interruptions = job.interruptions + (job.isAbandoned ? 1 : 0)
            try session.execute(
                "UPDATE jobs SET lease_token = ?, lease_until = ?, interruptions = ? WHERE media_id = ? AND kind = ?",
                [token, until, interruptions, job.media.id, job.kind])
            if job.kind.isForeground { try session.move(job.media, by: .start) }
            return Job(
                mediaID: job.media.id, kind: job.kind, leaseToken: token, strikes: job.strikes,
                interruptions: interruptions, queuedAt: job.queuedAt)
        }
    }

    package func renew(
        _ job: Job, progress: Int, expectedEnd: Timestamp?, until: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write(isSynchronized: false) { session throws(SQLFailure) in
            guard let media = try session.mediaHeld(by: job),
                try session.execute(
                    "UPDATE jobs SET lease_until = ? WHERE media_id = ? AND kind = ? AND lease_token = ?",
                    [until, job.mediaID, job.kind, job.leaseToken]) == 1
            else { return false }
            // What a client sees is the progress of what it waits for.
            guard job.kind.isForeground else { return true }
            try session.execute(
                "UPDATE media SET progress = ?, expected_end = ? WHERE id = ?",
                [max(media.progress, min(progress, 100)), expectedEnd, media.id])
            return true
        }
    }

    package func handBack(
        _ job: Job, asStrike: Bool, notBefore: Timestamp?
    ) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            guard let media = try session.mediaHeld(by: job),
                try session.execute(
                    """
                    UPDATE jobs SET lease_token = NULL, lease_until = ?,
                        strikes = strikes + ?, interruptions = interruptions + ?
                    WHERE media_id = ? AND kind = ? AND lease_token = ?
                    """,
                    [
                        notBefore ?? Timestamp(rawValue: 0), asStrike, !asStrike, job.mediaID, job.kind, job.leaseToken,
                    ]) == 1
            else { return false }
            if job.kind.isForeground { try session.move(media, by: .handBack) }
            return true
        }
    }

    package func freeAllLeases() async throws(StoreError) {
        // As a deletion: a server that does not start deletes nothing.
        try await writeDeleting { session throws(SQLFailure) in
            // Which media, the jobs say: there are few, and a join that sorts by media alone reads all media there are.
            let held = try session.query(
                "SELECT DISTINCT media_id FROM jobs WHERE lease_token IS NOT NULL ORDER BY media_id"
            ).map { row throws(SQLFailure) in
                var row = row
                return try row.id(MediaID.self)
            }
            for batch in held.batches() { try session.freeLeases(of: SQLList(batch)) }
        }
    }

    package func jobCounts() async throws(StoreError) -> [JobCount] {
        try await read { session throws(SQLFailure) in
            try session.query(
                """
                SELECT kind, CASE WHEN lease_token IS NULL THEN 0 ELSE 1 END AS is_leased, COUNT(*)
                FROM jobs GROUP BY kind, is_leased ORDER BY kind, is_leased
                """
            ).map { row throws(SQLFailure) in
                var row = row
                return try JobCount(kind: row.word(), isLeased: row.flag(), count: Int(row.integer()))
            }
        }
    }
}

/// A job that can be leased.
private struct FreeJob {
    let kind: JobKind
    let media: MediaRecord
    let strikes: Int
    let interruptions: Int
    let queuedAt: Timestamp
    /// Whether somebody held it until the lease ran out.
    let isAbandoned: Bool
}

extension SQLSession {
    /// A job of this kind is queued, unless the media has one.
    func queue(_ kind: JobKind, for id: MediaID, at now: Timestamp) throws(SQLFailure) {
        try execute(
            "INSERT INTO jobs (media_id, kind, queued_at) VALUES (?, ?, ?) ON CONFLICT (media_id, kind) DO NOTHING",
            [id, kind, now])
    }

    /// Whether fewer foreground jobs than the limit wait, until this transaction ends.
    func hasRoomInQueue(limit: Int) throws(SQLFailure) -> Bool {
        guard try waitingJobs(upTo: limit) + Self.mostQueueingAtOnce > limit else { return true }
        // Nearly full: those who queue at the same time do not see each other's jobs, so now they take turns.
        for statement in dialect.lockQueue { try execute(statement) }
        return try waitingJobs(upTo: limit) < limit
    }

    /// More than all nodes' connections together.
    private static var mostQueueingAtOnce: Int { 256 }

    private func waitingJobs(upTo limit: Int) throws(SQLFailure) -> Int {
        let kinds = SQLList(JobKind.foreground)
        let rows = try query(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE kind IN \(kinds.placeholders) AND lease_token IS NULL
                LIMIT ?) AS waiting
            """, kinds.values + [limit])
        guard var row = rows.first else { return 0 }
        return Int(try row.integer())
    }

    /// The media of a job, both locked; nil when the lease was lost.
    ///
    /// Media that is being deleted has no jobs, so nobody holds one of it.
    func mediaHeld(by job: Job) throws(SQLFailure) -> MediaRecord? {
        try query(
            """
            SELECT \(MediaRecord.columns) FROM media JOIN jobs ON jobs.media_id = media.id
            WHERE media.id = ? AND jobs.kind = ? AND jobs.lease_token = ? \(dialect.forUpdate)
            """, [job.mediaID, job.kind, job.leaseToken]
        ).first.map(MediaRecord.init(_:))
    }

    /// No job of these media is leased any more.
    fileprivate func freeLeases(of media: SQLList) throws(SQLFailure) {
        // The jobs and their media are locked, in the order of their ids, and then these are freed: a job that is
        // leased meanwhile is not touched, or it would be free while its media is in progress.
        let leased = try query(
            """
            SELECT media.id, jobs.kind FROM media JOIN jobs ON jobs.media_id = media.id
            WHERE media.id IN \(media.placeholders) AND jobs.lease_token IS NOT NULL
            ORDER BY media.id, jobs.kind \(dialect.forUpdate)
            """, media.values)
        for row in leased {
            var row = row
            let (id, kind) = (try row.id(MediaID.self), try row.word(JobKind.self))
            // The only media in this state are those whose foreground job is leased.
            if kind.isForeground {
                try execute(
                    "UPDATE media SET state = ?, expected_end = NULL WHERE id = ? AND state = ?",
                    [UploadState.pending, id, UploadState.inProgress])
            }
            try execute(
                """
                UPDATE jobs SET lease_token = NULL, lease_until = 0, interruptions = interruptions + 1
                WHERE media_id = ? AND kind = ?
                """, [id, kind])
        }
    }

    /// The media's state moves by an event of its foreground job.
    fileprivate func move(_ media: MediaRecord, by event: UploadEvent) throws(SQLFailure) {
        try execute(
            "UPDATE media SET state = ?, expected_end = NULL WHERE id = ?", [try media.state(after: event), media.id])
    }

    /// The oldest job of a kind that nobody holds any more; job and media are locked.
    ///
    /// Those that somebody else is locking are left out: nobody waits, so no two wait for each other.
    fileprivate func oldestFreeJob(_ kind: JobKind, at now: Timestamp) throws(SQLFailure) -> FreeJob? {
        let rows = try query(
            """
            SELECT jobs.strikes, jobs.interruptions, jobs.queued_at,
                CASE WHEN jobs.lease_token IS NULL THEN 0 ELSE 1 END, \(MediaRecord.columns)
            FROM jobs JOIN media ON media.id = jobs.media_id
            WHERE jobs.kind = ? AND jobs.lease_until <= ? ORDER BY jobs.queued_at, jobs.media_id LIMIT 1
            \(dialect.forUpdateSkipLocked)
            """, [kind, now])
        guard var row = rows.first else { return nil }
        let strikes = try row.integer()
        let interruptions = try row.integer()
        let queuedAt = try row.moment()
        let isAbandoned = try row.flag()
        return FreeJob(
            kind: kind, media: try MediaRecord(reading: &row), strikes: Int(strikes), interruptions: Int(interruptions),
            queuedAt: queuedAt, isAbandoned: isAbandoned)
    }
}
