import MediaCore
import MediaRules
import Testing
import XMedia

extension CatalogConformance {
    static let oneShot: [CatalogRule] = [
        CatalogRule("createClosed: rows, sum and job are those of create, commitSegment and finalize") { catalog in
            let declared = Samples.upload(1, declaredBytes: 10, expiresAt: Samples.now + .seconds(7200))
            try await catalog.open(declared)
            try await catalog.close(1)
            var upload = declared
            upload = Samples.upload(2, declaredBytes: 10, expiresAt: Samples.now + .seconds(7200))
            let outcome = try await catalog.createClosed(upload)
            let row = try await catalog.media(2)
            #expect(outcome == .closed(row, byThisCall: true))
            var expected = try await catalog.media(1)
            #expect(expected.state == .pending)
            expected = MediaRecord(expected, id: row.id)
            #expect(row == expected)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 20)
            let segments = try await catalog.segments(of: row.id)
            #expect(segments.map(\.blob) == [try Samples.attempt(2).blob])
            #expect(segments.map(\.size) == [10])
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: false, count: 2)])
            let jobs = [try await catalog.leased(token: "a"), try await catalog.leased(token: "b")]
            #expect(jobs.map(\.mediaID.rawValue) == [1, 2])
            #expect(try await catalog.close(2) == .closed(try await catalog.media(2), byThisCall: false))
        },
        CatalogRule("createClosed: nothing is there of an upload that is refused") { catalog in
            #expect(
                try await catalog.createClosed(Samples.upload(1, declaredBytes: 11))
                    == .incomplete(
                        Samples.upload(1, declaredBytes: 11),
                        .sizeMismatch(receivedBytes: 10, declaredBytes: 11, segments: 1)))
            #expect(try await catalog.createClosed(Samples.upload(1), queueLimit: 0) == .overloaded)
            #expect(
                try await catalog.createClosed(Samples.upload(1), quota: UserQuota(bytes: 9))
                    == .overQuota(.bytes(taken: 0, asked: 10, limit: 9)))
            #expect(
                try await catalog.createClosed(Samples.upload(1), quota: UserQuota(waitingJobs: 0))
                    == .overQuota(.waitingJobs(limit: 0)))
            #expect(
                try await catalog.createClosed(Samples.upload(1), quota: UserQuota(openUploads: 0))
                    == .overQuota(.openUploads(limit: 0)))
            #expect(try await catalog.media(MediaID(rawValue: 1)) == nil)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 0)
            #expect(try await catalog.jobCounts() == [])
            let enough = UserQuota(bytes: 10, openUploads: 1, waitingJobs: 1)
            guard case .closed = try await catalog.createClosed(Samples.upload(1), quota: enough) else {
                Issue.record("it was refused with room for one")
                return
            }
            #expect(
                try await catalog.createClosed(Samples.upload(2), quota: UserQuota(waitingJobs: 1))
                    == .overQuota(.waitingJobs(limit: 1)))
        },
        CatalogRule("createClosed: the same id twice is an error and leaves the first row") { catalog in
            _ = try await catalog.createClosed(Samples.upload(1))
            await #expect(throws: StoreError.self) {
                _ = try await catalog.createClosed(Samples.upload(1, owner: Samples.stranger))
            }
            #expect(try await catalog.media(1).ownerID == Samples.owner)
            #expect(try await catalog.storedBytes(of: Samples.stranger) == 0)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 10)
        },
    ]
}

extension UploadCatalog {
    /// An upload in one request, with ten bytes.
    @discardableResult
    func createClosed(
        _ upload: MediaRecord, queueLimit: Int = 1000, quota: UserQuota = .unlimited
    ) async throws -> FinalizeOutcome {
        try await createClosed(
            upload, segment: Samples.attempt(upload.id.rawValue), at: Samples.now, rules: Samples.rules,
            queueLimit: queueLimit, quota: quota)
    }
}

extension MediaRecord {
    /// The same under another id.
    fileprivate init(_ other: MediaRecord, id: MediaID) {
        self.init(
            id: id, mediaKeyPrefix: other.mediaKeyPrefix, ownerID: other.ownerID,
            additionalOwners: other.additionalOwners, category: other.category, declaredType: other.declaredType,
            declaredBytes: other.declaredBytes, shared: other.shared, createdAt: other.createdAt,
            expiresAt: other.expiresAt)
        state = other.state
        size = other.size
        progress = other.progress
    }
}
