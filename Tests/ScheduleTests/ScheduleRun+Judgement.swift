import MediaCore
import XMedia

extension ScheduleRun {
    /// What a client does that wants its upload to get through: sends what is not acknowledged, finalizes, waits.
    func settle() async throws {
        guard try await isThere() else { return }
        if try await world.catalog.media(upload.id)?.state == .uploading {
            for index in schedule.segments.indices where !history.acknowledgedIndices.contains(index) {
                try await repeated { try await self.append(index, 0) }
            }
            try await withTime(passing: schedule.isImage) {
                try await timed {
                    try await repeated {
                        _ = try await self.world.uploads.finalize(self.upload.id, by: self.world.owner)
                    }
                }
            }
            history.succeeded(.finalize)
        }
        for _ in 0..<40 where try await !world.catalog.jobCounts().isEmpty {
            let isDone = try await world.runner.runNext(JobKind.allCases)
            // Longer than a lease lasts, and than a job that was handed back rests.
            if !isDone { world.clock.advance(by: .seconds(301)) }
        }
    }

    /// Whether everything is as one of the orders of the answers explains it.
    func judge() async throws {
        let ended = [Schedule.Action.abort, .remove, .expire].filter(history.has)
        let isThere = try await isThere()
        if !isThere, ended.isEmpty { history.complain("the upload is gone, and nobody ended it") }
        if history.has(.abort), history.has(.finalize) { history.complain("both abort and finalize won") }
        if isThere, history.has(.abort) || history.has(.remove) { history.complain("it was erased and is there") }
        if !isThere, history.has(.finalize), !history.has(.remove) {
            history.complain("it was finalized and is gone")
        }
        for alarm in world.alarms.alarms { history.complain("alarm: \(alarm)") }
        if isThere { try await judgeBytes() }
        try await repeated { try await self.world.sweeper.sweep() }
        // What a failed call of the store leaves without a row is for the next start.
        if schedule.hasFailures { try await repeated { try await self.world.laterSweeper.sweepLeftBehind() } }
        try await repeated {
            let verification = Verification(catalog: self.world.catalog, blobs: self.world.blobs)
            _ = try await verification.run { self.history.complain("left behind: \($0)") }
        }
    }

    private func judgeBytes() async throws {
        guard let media = try await world.catalog.media(upload.id), media.state == .succeeded,
            let original = media.original, let size = media.size
        else { return history.complain("it did not get through: \(String(describing: try await row()))") }
        let manifest = try await world.catalog.segments(of: upload.id)
        if Set(manifest.map(\.index)) != history.acknowledgedIndices {
            history.complain("acknowledged \(history.acknowledgedIndices), counting \(manifest.map(\.index))")
        }
        var bytes: [UInt8] = []
        try await repeated { bytes = try await self.contents(of: original.blob, count: size) }
        if sha256(bytes) != original.sha256 { history.complain("the digest is not that of the bytes") }
        var rest = bytes[...]
        for segment in manifest {
            let found = Array(rest.prefix(Int(segment.size)))
            rest = rest.dropFirst(Int(segment.size))
            let version = schedule.segments[segment.index].firstIndex(of: found)
            let possible = history.possibleVersions(of: segment.index)
            if !possible.contains(version ?? -1) {
                history.complain("segment \(segment.index) is version \(version ?? -1), possible \(possible)")
            }
        }
        if !rest.isEmpty { history.complain("\(rest.count) bytes too many") }
        for rendition in try await world.catalog.renditions(of: [upload.id]) {
            guard let blob = rendition.blob else { continue }
            try await repeated {
                if try await self.contents(of: blob, count: rendition.size) != bytes {
                    self.history.complain("the rendition has other bytes than the original")
                }
            }
        }
    }

    /// Erases what is there; nothing is left after that.
    func clear() async throws {
        _ = try await world.catalog.markDeleting(upload.id, owner: nil, onlyUnfinished: false)
        for _ in 0..<10 where try await row() != nil { try? await world.sweeper.sweep() }
        if try await row() != nil { history.complain("its row cannot be erased") }
        let left = try await world.storedBlobs()
        if !left.isEmpty { history.complain("its rows are erased, these bytes are not: \(left)") }
        let jobs = try await world.catalog.jobCounts()
        if !jobs.isEmpty { history.complain("jobs are left: \(jobs)") }
    }

    private func row() async throws -> MediaRecord? { try await world.catalog.media(upload.id) }

    private func isThere() async throws -> Bool {
        guard let row = try await row() else { return false }
        return row.state != .deleting && !row.isExpired(at: world.clock.now)
    }

    /// Repeats what a fault of the store may refuse; there are fewer faults than attempts.
    private func repeated(_ body: () async throws -> Void) async throws {
        for _ in 0..<8 {
            do {
                return try await body()
            } catch ServiceError.storeFailed {
            } catch is StoreError {}
        }
        try await body()
    }
}
