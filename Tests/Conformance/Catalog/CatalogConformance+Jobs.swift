import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let jobs: [CatalogRule] = [
        CatalogRule("lease: the oldest free job of the kinds, and its media is in progress") { catalog in
            for (id, seconds) in [(1, 2), (2, 1), (3, 3)] as [(UInt64, Int)] {
                try await catalog.open(Samples.upload(id))
                try await catalog.close(id, at: Samples.now + .seconds(seconds))
            }
            let job = try await catalog.leased()
            #expect(
                job
                    == Job(
                        mediaID: MediaID(rawValue: 2), kind: .judge, leaseToken: "t1", strikes: 0, interruptions: 0,
                        queuedAt: Samples.now + .seconds(1)))
            #expect(try await catalog.media(2).state == .inProgress)
            #expect(try await catalog.leased(token: "t2").mediaID == MediaID(rawValue: 1))
            #expect(try await catalog.leased(token: "t3").mediaID == MediaID(rawValue: 3))
            let none = try await catalog.lease(JobKind.allCases, token: "t4", at: Samples.now, until: Samples.now)
            #expect(none == nil)
        },
        CatalogRule("lease: only the kinds asked for") { catalog in
            try await catalog.open()
            try await catalog.close()
            let until = Samples.now + .seconds(60)
            #expect(try await catalog.lease([.renditions], token: "t", at: Samples.now, until: until) == nil)
            #expect(try await catalog.lease([], token: "t", at: Samples.now, until: until) == nil)
            #expect(try await catalog.lease(JobKind.allCases, token: "t", at: Samples.now, until: until) != nil)
        },
        CatalogRule("lease: a lease that ran out is taken over and counts as an interruption") { catalog in
            let first = try await catalog.judging()
            let end = Samples.now + .seconds(60)
            let early = try await catalog.lease([.judge], token: "t2", at: end - .milliseconds(1), until: end)
            #expect(early == nil)
            let second = try await catalog.leased(token: "t2", at: end)
            #expect(second.interruptions == 1)
            #expect(second.strikes == 0)
            #expect(second.queuedAt == first.queuedAt)
            let stale = try await catalog.succeed(
                first, facts: Samples.photo, renditions: [Samples.rendition(1)], followUp: nil, at: end)
            #expect(!stale)
            #expect(try await catalog.media(1).state == .inProgress)
            #expect(try await catalog.renditions(of: [first.mediaID]) == [])
        },
        CatalogRule("renew: the lease lasts longer, progress is stored and never falls") { catalog in
            let job = try await catalog.judging()
            let until = Samples.now + .seconds(120)
            #expect(try await catalog.renew(job, progress: 40, expectedEnd: until, until: until))
            #expect(try await catalog.media(1).progress == 40)
            #expect(try await catalog.media(1).expectedEnd == until)
            #expect(try await catalog.renew(job, progress: 30, expectedEnd: nil, until: until))
            #expect(try await catalog.media(1).progress == 40)
            #expect(try await catalog.media(1).expectedEnd == nil)
            #expect(try await catalog.renew(job, progress: 1000, expectedEnd: nil, until: until))
            #expect(try await catalog.media(1).progress == 100)
            let taken = try await catalog.lease(
                [.judge], token: "t2", at: until - .milliseconds(1), until: until + .seconds(60))
            #expect(taken == nil)
            #expect(try await catalog.leased(token: "t2", at: until).interruptions == 1)
            #expect(try await catalog.media(1).progress == 100)
        },
        CatalogRule("handBack: the job is free, with a strike or an interruption, and the media pending") { catalog in
            let first = try await catalog.judging()
            #expect(try await catalog.renew(first, progress: 50, expectedEnd: nil, until: Samples.now + .seconds(90)))
            #expect(try await catalog.handBack(first, asStrike: true, notBefore: nil))
            #expect(try await catalog.media(1).state == .pending)
            #expect(try await catalog.media(1).progress == 50)
            let second = try await catalog.leased(token: "t2")
            #expect((second.strikes, second.interruptions) == (1, 0))
            #expect(try await catalog.handBack(second, asStrike: false, notBefore: nil))
            let third = try await catalog.leased(token: "t3")
            #expect((third.strikes, third.interruptions) == (1, 1))
            #expect(try await catalog.media(1).state == .inProgress)
        },
        CatalogRule("freeAllLeases: every lease is void and counted, nothing else changes") { catalog in
            let job = try await catalog.judging(Samples.upload(1))
            try await catalog.open(Samples.upload(2))
            try await catalog.close(2)
            try await catalog.freeAllLeases()
            #expect(try await catalog.media(1).state == .pending)
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: false, count: 2)])
            let stale = try await catalog.renew(job, progress: 1, expectedEnd: nil, until: Samples.now)
            #expect(!stale)
            let again = [try await catalog.leased(token: "t2"), try await catalog.leased(token: "t3")]
            #expect(again.map(\.interruptions) == [1, 0])
            #expect(again.map(\.mediaID.rawValue) == [1, 2])
        },
        CatalogRule("jobCounts: by kind and whether they are held") { catalog in
            #expect(try await catalog.jobCounts() == [])
            let job = try await catalog.judging(Samples.upload(1))
            _ = try await catalog.succeed(
                job, facts: Samples.photo, renditions: [], followUp: .renditions, at: Samples.now)
            for id in 2...4 as ClosedRange<UInt64> {
                try await catalog.open(Samples.upload(id))
                try await catalog.close(id)
            }
            _ = try await catalog.leased(token: "t2")
            let counts = try await catalog.jobCounts()
            #expect(counts.count == 3)
            #expect(counts.contains(JobCount(kind: .judge, isLeased: false, count: 2)))
            #expect(counts.contains(JobCount(kind: .judge, isLeased: true, count: 1)))
            #expect(counts.contains(JobCount(kind: .renditions, isLeased: false, count: 1)))
        },
    ]

    static let jobResults: [CatalogRule] = [
        CatalogRule("succeed: facts, renditions, state and follow-up are there, and the job is gone") { catalog in
            let job = try await catalog.judging()
            #expect(
                try await catalog.succeed(
                    job, facts: Samples.video, renditions: [Samples.rendition(10)], followUp: .renditions,
                    at: Samples.now + .seconds(5)))
            let row = try await catalog.media(1)
            #expect(row.state == .succeeded)
            #expect(row.facts == Samples.video)
            #expect(row.progress == 100)
            #expect(row.expectedEnd == nil)
            #expect(try await catalog.renditions(of: [job.mediaID]) == [Samples.rendition(10)])
            #expect(try await catalog.jobCounts() == [JobCount(kind: .renditions, isLeased: false, count: 1)])
            #expect(try await catalog.leased(.renditions, token: "t2").queuedAt == Samples.now + .seconds(5))
            #expect(try await catalog.media(1).state == .succeeded)
        },
        CatalogRule("succeed: a renditions job adds renditions and changes nothing else") { catalog in
            let judge = try await catalog.judging()
            _ = try await catalog.succeed(
                judge, facts: Samples.video, renditions: [Samples.rendition(10)], followUp: .renditions, at: Samples.now
            )
            let row = try await catalog.media(1)
            let job = try await catalog.leased(.renditions, token: "t2")
            #expect(try await catalog.renew(job, progress: 3, expectedEnd: Samples.now, until: Samples.now))
            #expect(
                try await catalog.succeed(
                    job, facts: nil, renditions: [Samples.rendition(11, role: .mp4)], followUp: nil, at: Samples.now))
            #expect(try await catalog.media(1) == row)
            #expect(try await catalog.renditions(of: [job.mediaID]).count == 2)
            #expect(try await catalog.jobCounts() == [])
        },
        CatalogRule("fail: a judge job's media is failed with the reason") { catalog in
            let job = try await catalog.judging()
            #expect(try await catalog.fail(job, failure: Samples.failure, at: Samples.now))
            let row = try await catalog.media(1)
            #expect(row.state == .failed)
            #expect(row.failure == Samples.failure)
            #expect(try await catalog.jobCounts() == [])
            #expect(try await catalog.close() == .closed(row, byThisCall: false))
        },
        CatalogRule("fail, handBack: a renditions job never takes back succeeded") { catalog in
            let judge = try await catalog.judging()
            _ = try await catalog.succeed(
                judge, facts: Samples.video, renditions: [], followUp: .renditions, at: Samples.now)
            let row = try await catalog.media(1)
            let job = try await catalog.leased(.renditions, token: "t2")
            #expect(try await catalog.handBack(job, asStrike: true, notBefore: nil))
            #expect(try await catalog.media(1) == row)
            let again = try await catalog.leased(.renditions, token: "t3")
            #expect(again.strikes == 1)
            #expect(try await catalog.fail(again, failure: Samples.failure, at: Samples.now))
            #expect(try await catalog.media(1) == row)
        },
        CatalogRule("recordOriginal: the original is there, and the state as it was") { catalog in
            let job = try await catalog.judging()
            #expect(try await catalog.recordOriginal(Samples.original(), for: job))
            let row = try await catalog.media(1)
            #expect(row.original == (try Samples.original()))
            #expect(row.state == .inProgress)
        },
        CatalogRule("succeed: an original that is given is recorded with the result, its attempts to be erased") {
            catalog in
            let job = try await catalog.judging()
            let original = try Samples.original()
            #expect(
                try await catalog.succeed(
                    job, original: original, facts: Samples.photo, renditions: [], followUp: nil, at: Samples.now))
            let row = try await catalog.media(1)
            #expect(row.original == original)
            #expect(row.state == .succeeded)
            #expect(
                try await catalog.discardableAttempts(after: nil, limit: 10).map(\.blob) == [Samples.attempt().blob])
            let recorded = try await catalog.judging(Samples.upload(2), token: "t2")
            let another = try Samples.original(2)
            _ = try await catalog.recordOriginal(another, for: recorded)
            _ = try await catalog.succeed(
                recorded, original: nil, facts: Samples.photo, renditions: [], followUp: nil, at: Samples.now)
            #expect(try await catalog.media(2).original == another)
        },
        CatalogRule("every publishing method: nothing changes when the lease was lost") { catalog in
            let job = try await catalog.judging()
            let other = Job(
                mediaID: job.mediaID, kind: .judge, leaseToken: "other", strikes: 0, interruptions: 0,
                queuedAt: job.queuedAt)
            let row = try await catalog.media(1)
            #expect(try await !catalog.renew(other, progress: 9, expectedEnd: nil, until: Samples.now))
            #expect(try await !catalog.recordOriginal(Samples.original(), for: other))
            #expect(
                try await !catalog.succeed(
                    other, original: Samples.original(), facts: Samples.photo, renditions: [Samples.rendition(1)],
                    followUp: .renditions, at: Samples.now))
            #expect(try await !catalog.fail(other, failure: Samples.failure, at: Samples.now))
            #expect(try await !catalog.handBack(other, asStrike: true, notBefore: nil))
            #expect(try await catalog.media(1) == row)
            #expect(try await catalog.renditions(of: [job.mediaID]) == [])
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: true, count: 1)])
            #expect(try await catalog.handBack(job, asStrike: false, notBefore: nil))
        },
        CatalogRule("every publishing method: deleting the media loses the lease") { catalog in
            let job = try await catalog.judging()
            #expect(try await catalog.markDeleting(job.mediaID, owner: nil, onlyUnfinished: false))
            #expect(try await !catalog.renew(job, progress: 9, expectedEnd: nil, until: Samples.now))
            #expect(try await !catalog.recordOriginal(Samples.original(), for: job))
            #expect(
                try await !catalog.succeed(
                    job, facts: Samples.photo, renditions: [Samples.rendition(1)], followUp: nil, at: Samples.now))
            #expect(try await !catalog.fail(job, failure: Samples.failure, at: Samples.now))
            #expect(try await !catalog.handBack(job, asStrike: true, notBefore: nil))
            #expect(try await catalog.media(1).state == .deleting)
            let none = try await catalog.lease(
                JobKind.allCases, token: "t2", at: Samples.now + .seconds(999), until: Samples.now + .seconds(1999))
            #expect(none == nil)
        },
    ]
}
