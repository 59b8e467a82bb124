import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let races: [CatalogRule] = [
        CatalogRule("50 concurrent commits of one index: one counts, generations are unique") { catalog in
            try await catalog.create(Samples.upload())
            let outcomes = try await concurrently(50) { number in
                try await catalog.commitSegment(
                    Samples.attempt(number: number, size: Int64(number + 1)), at: Samples.now)
            }
            let superseded = outcomes.map { outcome in
                if case .committed(_, let superseded) = outcome { superseded.count } else { -1 }
            }
            // Each was told of all those before it: 0, 1, 2, … in some order.
            #expect(superseded.sorted() == Array(0..<50))
            let counting = try await catalog.segments(of: MediaID(rawValue: 1))
            #expect(counting.count == 1)
            #expect(counting.first?.generation == 49)
            #expect(Set(try await catalog.discardableAttempts(after: nil, limit: 100).map(\.blob)).count == 49)
        },
        CatalogRule("finalize among appends: the manifest holds all commits before it, and none after") { catalog in
            try await catalog.create(Samples.upload())
            _ = try await catalog.commitSegment(Samples.attempt(size: 1000), at: Samples.now)
            // A               | B
            // commit … commit |
            //                 | finalize
            // commit: closed  |
            let committed = try await concurrently(41) { number -> Int64? in
                if number == 20 {
                    try await catalog.close()
                    return nil
                }
                let attempt = try Samples.attempt(number: number + 1, size: Int64(number + 1))
                let outcome = try await catalog.commitSegment(attempt, at: Samples.now)
                if case .committed = outcome { return attempt.stored.size }
                guard case .closed(let row, let counting) = outcome else {
                    Issue.record("\(outcome)")
                    return nil
                }
                #expect(counting?.size == row.size)
                return nil
            }
            let row = try await catalog.media(1)
            let manifest = try await catalog.segments(of: row.id)
            #expect(row.state == .pending)
            #expect(manifest.map(\.size) == [row.size])
            #expect(manifest.first?.generation == committed.compactMap { $0 }.count)
        },
        CatalogRule("20 concurrent finalizes: one closes, all answer the same row, one job") { catalog in
            try await catalog.open()
            let outcomes = try await concurrently(20) { _ in try await catalog.close() }
            let row = try await catalog.media(1)
            #expect(outcomes.filter { $0 == .closed(row, byThisCall: true) }.count == 1)
            #expect(outcomes.filter { $0 == .closed(row, byThisCall: false) }.count == 19)
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: false, count: 1)])
        },
        CatalogRule("20 concurrent finalizes with room for 5 jobs: 5 close, 15 stay open") { catalog in
            for id in 1...20 as ClosedRange<UInt64> { try await catalog.open(Samples.upload(id)) }
            let outcomes = try await concurrently(20) { number in
                try await catalog.close(UInt64(number + 1), queueLimit: 5)
            }
            #expect(outcomes.count { $0 == .overloaded } == 15)
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: false, count: 5)])
        },
        CatalogRule("20 concurrent leases of 10 jobs: each job is held once") { catalog in
            for id in 1...10 as ClosedRange<UInt64> {
                try await catalog.open(Samples.upload(id))
                try await catalog.close(id)
            }
            let jobs = try await concurrently(20) { number in
                try await catalog.lease(
                    JobKind.allCases, token: "t\(number)", at: Samples.now, until: Samples.now + .seconds(60))
            }.compactMap { $0 }
            #expect(jobs.count == 10)
            #expect(Set(jobs.map(\.mediaID)).count == 10)
            for job in jobs {
                #expect(try await catalog.renew(job, progress: 1, expectedEnd: nil, until: Samples.now))
            }
        },
        CatalogRule("post against expiry: posted and kept, or erased and refused") { catalog in
            for id in 1...20 as ClosedRange<UInt64> { try await catalog.ready(Samples.upload(id)) }
            // The post is made in the last millisecond, the sweep one later, in either order.
            let moment = Samples.now + .seconds(7200)
            let outcomes = try await concurrently(40) { number -> (UInt64, CreatePostOutcome)? in
                let id = UInt64(number / 2 + 1)
                if number.isMultiple(of: 2) {
                    _ = try await catalog.markExpired(at: moment, limit: 1)
                    return nil
                }
                let post = Samples.post(id, text: "\(id)", media: [id], at: moment - .milliseconds(1))
                return (id, try await catalog.create(post, duplicatesSince: Samples.now))
            }.compactMap { $0 }
            for (id, outcome) in outcomes {
                let media = try await catalog.media(id)
                if outcome == .created {
                    #expect(media.state == .succeeded)
                    #expect(media.expiresAt == nil)
                    #expect(media.isPosted)
                } else {
                    #expect(outcome == .invalidMedia([media.id]))
                    #expect(media.state == .deleting)
                    #expect(!media.isPosted)
                }
            }
            #expect(outcomes.count == 20)
        },
        CatalogRule("20 concurrent posts of the same: one is made") { catalog in
            _ = try await catalog.ensureUser(User(id: Samples.owner, name: "n", username: "n"), at: Samples.now)
            let outcomes = try await concurrently(20) { number in
                try await catalog.create(Samples.post(UInt64(number + 1)), duplicatesSince: Samples.now)
            }
            #expect(outcomes.filter { $0 == .created }.count == 1)
            #expect(outcomes.filter { $0 == .duplicate }.count == 19)
        },
    ]
}
