import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    private static let step = UserQuota.step

    static let usage: [CatalogRule] = [
        CatalogRule("quota: the declared bytes count from create on, a step when none are declared") { catalog in
            #expect(try await catalog.storedBytes(of: Samples.owner) == 0)
            try await catalog.create(Samples.upload(1, declaredBytes: 1000))
            #expect(try await catalog.storedBytes(of: Samples.owner) == 1000)
            try await catalog.create(Samples.upload(2))
            #expect(try await catalog.storedBytes(of: Samples.owner) == 1000 + step)
            #expect(try await catalog.storedBytes(of: Samples.stranger) == 0)
        },
        CatalogRule("quota: from finalize on the file's bytes count, until its rows are gone") { catalog in
            try await catalog.open(Samples.upload(1), segments: 3)
            try await catalog.close(1)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 30)
            try await catalog.close(1)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 30)
            let id = MediaID(rawValue: 1)
            _ = try await catalog.markDeleting(id, owner: nil, onlyUnfinished: false)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 30)
            try await catalog.finishDeletion(of: [id])
            #expect(try await catalog.storedBytes(of: Samples.owner) == 0)
            try await catalog.finishDeletion(of: [id])
            #expect(try await catalog.storedBytes(of: Samples.owner) == 0)
        },
        CatalogRule("quota: create refuses more bytes than there is room for, and leaves nothing") { catalog in
            let quota = UserQuota(bytes: 1500)
            let first = try await catalog.create(Samples.upload(1, declaredBytes: 1000), quota: quota, claim: nil)
            #expect(first == .created)
            let second = try await catalog.create(Samples.upload(2, declaredBytes: 501), quota: quota, claim: nil)
            #expect(second == .overQuota(.bytes(taken: 1000, asked: 501, limit: 1500)))
            #expect(try await catalog.media(MediaID(rawValue: 2)) == nil)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 1000)
            #expect(
                try await catalog.create(Samples.upload(2, declaredBytes: 500), quota: quota, claim: nil) == .created)
            let other = Samples.upload(3, owner: Samples.stranger, declaredBytes: 1500)
            #expect(try await catalog.create(other, quota: quota, claim: nil) == .created)
            let tooLarge = Samples.upload(4, owner: UserID(rawValue: 300), declaredBytes: 1501)
            #expect(
                try await catalog.create(tooLarge, quota: quota, claim: nil)
                    == .overQuota(.bytes(taken: 0, asked: 1501, limit: 1500)))
            #expect(try await catalog.storedBytes(of: tooLarge.ownerID) == 0)
        },
        CatalogRule("quota: create refuses more open uploads than allowed, until one is closed or deleted") { catalog in
            let quota = UserQuota(openUploads: 2)
            for id in 1...2 as ClosedRange<UInt64> {
                #expect(
                    try await catalog.create(Samples.upload(id, declaredBytes: 10), quota: quota, claim: nil)
                        == .created)
            }
            let third = Samples.upload(3, declaredBytes: 10)
            #expect(try await catalog.create(third, quota: quota, claim: nil) == .overQuota(.openUploads(limit: 2)))
            #expect(try await catalog.storedBytes(of: Samples.owner) == 20)
            _ = try await catalog.markDeleting(MediaID(rawValue: 1), owner: nil, onlyUnfinished: true)
            #expect(try await catalog.create(third, quota: quota, claim: nil) == .created)
        },
        CatalogRule("quota: an upload that gets more than it declared takes further steps, and is refused without room")
        {
            catalog in
            try await catalog.create(Samples.upload(1, declaredBytes: 10))
            let enough = UserQuota(bytes: 10 + step + 5)
            #expect(try await Self.commit(catalog, 0, 10, enough) == true)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 10)
            #expect(try await Self.commit(catalog, 1, 1, enough) == true)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 10 + step)
            #expect(try await Self.commit(catalog, 2, step - 1, enough) == true)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 10 + step)
            // Less than a step is left, and enough.
            #expect(try await Self.commit(catalog, 3, 5, enough) == true)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 15 + step)
            let attempt = try Samples.attempt(index: 4, size: 1)
            let refused = try await catalog.commitSegment(attempt, quota: enough, at: Samples.now)
            #expect(refused == .overQuota(.bytes(taken: 15 + step, asked: 1, limit: 15 + step)))
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)).count == 4)
            // Replacing one stores both for a while.
            #expect(try await Self.commit(catalog, 0, 10, enough, number: 1) == false)
            #expect(try await Self.commit(catalog, 0, 10, UserQuota(bytes: 1 << 40), number: 1) == true)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 15 + 2 * step)
        },
        CatalogRule("quota: finalize refuses more waiting media than allowed; the upload stays open") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.open(Samples.upload(id, declaredBytes: 10)) }
            let quota = UserQuota(waitingJobs: 2)
            for id in 1...2 as ClosedRange<UInt64> {
                guard case .closed = try await Self.closing(catalog, id, quota) else {
                    Issue.record("\(id) is not closed")
                    continue
                }
            }
            #expect(try await Self.closing(catalog, 3, quota) == .overQuota(.waitingJobs(limit: 2)))
            #expect(try await catalog.media(3).state == .uploading)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 30)
            #expect(try await catalog.jobCounts().map(\.count) == [2])
            _ = try await catalog.leased()
            guard case .closed = try await Self.closing(catalog, 3, quota) else {
                Issue.record("3 is not closed")
                return
            }
        },
        CatalogRule("quota: 20 concurrent creates, with room for 5, make 5; bytes and number alike") { catalog in
            for quota in [UserQuota(bytes: 50), UserQuota(openUploads: 5)] {
                let owner = UserID(rawValue: quota.bytes == nil ? 400 : 500)
                let outcomes = try await concurrently(20) { number in
                    let id = owner.rawValue * 100 + UInt64(number)
                    return try await catalog.create(
                        Samples.upload(id, owner: owner, declaredBytes: 10), quota: quota, claim: nil)
                }
                #expect(outcomes.filter { $0 == .created }.count == 5)
                #expect(try await catalog.storedBytes(of: owner) == 50)
            }
        },
        CatalogRule("quota: 20 concurrent finalizes of different uploads, with room for 5, close 5") { catalog in
            for id in 1...20 as ClosedRange<UInt64> { try await catalog.open(Samples.upload(id, declaredBytes: 10)) }
            let outcomes = try await concurrently(20) { number in
                try await Self.closing(catalog, UInt64(number + 1), UserQuota(waitingJobs: 5))
            }
            #expect(outcomes.filter { $0 == .overQuota(.waitingJobs(limit: 5)) }.count == 15)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 200)
        },
        CatalogRule("quota: 20 concurrent appends beyond what was declared store what there is room for") { catalog in
            try await catalog.create(Samples.upload(1, declaredBytes: 10))
            let quota = UserQuota(bytes: 50)
            let outcomes = try await concurrently(20) { number in
                try await Self.commit(catalog, number, 10, quota)
            }
            #expect(outcomes.filter { $0 }.count == 5)
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)).count == 5)
            #expect(try await catalog.storedBytes(of: Samples.owner) == 50)
        },
    ]

    /// Whether the attempt was committed.
    private static func commit(
        _ catalog: any Catalog, _ index: Int, _ size: Int64, _ quota: UserQuota, number: Int = 0
    ) async throws -> Bool {
        let attempt = try Samples.attempt(index: index, number: number, size: size)
        guard case .committed = try await catalog.commitSegment(attempt, quota: quota, at: Samples.now) else {
            return false
        }
        return true
    }

    private static func closing(
        _ catalog: any Catalog, _ id: UInt64, _ quota: UserQuota
    ) async throws -> FinalizeOutcome {
        try await catalog.finalize(
            MediaID(rawValue: id), category: nil, at: Samples.now, expiresAt: Samples.now + .seconds(7200),
            rules: Samples.rules, queueLimit: 1000, quota: quota)
    }
}
