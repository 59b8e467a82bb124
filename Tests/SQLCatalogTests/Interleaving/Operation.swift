import MediaCore
import MediaRules
import XMedia

@testable import CatalogConformance

/// One writing method of the catalog, on the rows of a ``Fixture``.
struct Operation: Sendable {
    /// The method, and what is special about the call.
    let name: String
    /// Whether it leaves out rows that another transaction has locked: what it left out is found by its next call.
    var skipsLocked = false
    /// Calls the method; returns its answer in words.
    let run: @Sendable (any Catalog, Call) async throws -> String
}

/// What tells two calls of one method apart.
struct Call: Sendable {
    /// 0 or 1: whose ids, tokens and names are used.
    let party: Int
    /// The job that the fixture's lease is for.
    let kind: JobKind

    /// The lease of the fixture.
    var job: Job {
        Job(
            mediaID: Fixture.media, kind: kind, leaseToken: Fixture.leaseToken, strikes: 0, interruptions: 0,
            queuedAt: Samples.now)
    }

    /// An id that is this party's own.
    func id(_ base: UInt64) -> UInt64 { base + UInt64(party) }
}

extension Operation {
    /// All writing methods.
    static let all: [Operation] = uploads + limited + jobs + posts + identity + deletion

    private static let uploads: [Operation] = [
        Operation(name: "create upload") { catalog, _ in
            "\(try await catalog.create(Samples.upload(9)))"
        },
        Operation(name: "commitSegment of an index that is there") { catalog, call in
            "\(try await catalog.commitSegment(Samples.attempt(index: 0, number: 20 + call.party), at: Fixture.now))"
        },
        Operation(name: "commitSegment of the next index") { catalog, call in
            "\(try await catalog.commitSegment(Samples.attempt(index: 2, number: 20 + call.party), at: Fixture.now))"
        },
        Operation(name: "finalize") { catalog, call in
            "\(try await catalog.close(1, category: call.party == 0 ? .tweetImage : .dmImage, at: Fixture.now))"
        },
        Operation(name: "createClosed") { catalog, call in
            let quota = UserQuota(bytes: 1 << 30, waitingJobs: 2)
            return "\(try await catalog.createClosed(Samples.upload(call.id(40)), quota: quota))"
        },
        Operation(name: "setMetadata") { catalog, call in
            var media = try await catalog.setMetadata(
                ["m\(call.party)": .integer(1)], of: Fixture.media, owner: Samples.owner, at: Fixture.now)
            let members = media?.metadata.keys.sorted()
            media?.metadata = [:]
            return "\(String(describing: members)) \(String(describing: media))"
        },
    ]

    /// With quotas and keys: the same fixture has 20 bytes of closed media and whatever the open upload has reserved.
    private static let limited: [Operation] = [
        Operation(name: "create upload within a quota and with a key") { catalog, call in
            let claim = IdempotencyClaim(
                key: IdempotencyKey(userID: Samples.owner, operation: "o", text: "k", digest: "d"),
                answer: StoredAnswer(status: 200, body: "first"), at: Fixture.now)
            let quota = UserQuota(bytes: 100 << 20, openUploads: 2)
            return "\(try await catalog.create(Samples.upload(call.id(20)), quota: quota, claim: claim))"
        },
        Operation(name: "create upload within a quota") { catalog, call in
            let quota = UserQuota(bytes: 100 << 20, openUploads: 2)
            let upload = Samples.upload(call.id(30), declaredBytes: 30 << 20)
            return "\(try await catalog.create(upload, quota: quota, claim: nil))"
        },
        Operation(name: "commitSegment beyond what was reserved") { catalog, call in
            let attempt = try Samples.attempt(index: 3 + call.party, size: 40 << 20)
            let quota = UserQuota(bytes: 130 << 20)
            return "\(try await catalog.commitSegment(attempt, quota: quota, at: Fixture.now))"
        },
        Operation(name: "finalize within a quota") { catalog, _ in
            let outcome = try await catalog.finalize(
                Fixture.media, category: .tweetVideo, at: Fixture.now, expiresAt: Fixture.far, rules: Samples.rules,
                queueLimit: 1000, quota: UserQuota(waitingJobs: 1))
            return "\(outcome)"
        },
        Operation(name: "create post with a key") { catalog, call in
            let claim = IdempotencyClaim(
                key: IdempotencyKey(userID: Samples.owner, operation: "p", text: "k", digest: "d"),
                answer: StoredAnswer(status: 201, body: "first"), at: Fixture.now)
            let post = Samples.post(call.id(80), text: "once", media: [1, 2], at: Fixture.now)
            return "\(try await catalog.create(post, duplicatesSince: Samples.now, claim: claim))"
        },
        Operation(name: "forgetKeys") { catalog, _ in
            "\(try await catalog.forgetKeys(claimedBefore: Fixture.far, limit: 10))"
        },
    ]

    private static let jobs: [Operation] = [
        Operation(name: "lease", skipsLocked: true) { catalog, call in
            let job = try await catalog.lease(
                JobKind.allCases, token: "lease\(call.party)", at: Fixture.now, until: Fixture.now + .seconds(60))
            return "\(String(describing: job))"
        },
        Operation(name: "lease of what ran out", skipsLocked: true) { catalog, call in
            let job = try await catalog.lease(
                JobKind.allCases, token: "lease\(call.party)", at: Fixture.late, until: Fixture.late + .seconds(60))
            return "\(String(describing: job))"
        },
        Operation(name: "renew") { catalog, call in
            let until = Fixture.now + .seconds(100 + call.party)
            return "\(try await catalog.renew(call.job, progress: 30 + call.party, expectedEnd: until, until: until))"
        },
        Operation(name: "recordOriginal") { catalog, call in
            "\(try await catalog.recordOriginal(Samples.original(unique: "b00t-original\(call.party)"), for: call.job))"
        },
        Operation(name: "succeed") { catalog, call in
            let succeeded = try await catalog.succeed(
                call.job, facts: call.kind == .judge ? Samples.photo : nil,
                renditions: [Samples.rendition(call.id(10))], followUp: call.kind == .judge ? .renditions : nil,
                at: Fixture.now)
            return "\(succeeded)"
        },
        Operation(name: "succeed with the original") { catalog, call in
            let succeeded = try await catalog.succeed(
                call.job, original: Samples.original(unique: "b00t-original\(call.party)"),
                facts: call.kind == .judge ? Samples.photo : nil, renditions: [], followUp: nil, at: Fixture.now)
            return "\(succeeded)"
        },
        Operation(name: "fail") { catalog, call in
            "\(try await catalog.fail(call.job, failure: Samples.failure, at: Fixture.now))"
        },
        Operation(name: "handBack") { catalog, call in
            "\(try await catalog.handBack(call.job, asStrike: call.party == 0, notBefore: nil))"
        },
        Operation(name: "freeAllLeases") { catalog, _ in "\(try await catalog.freeAllLeases())" },
    ]

    private static let posts: [Operation] = [
        Operation(name: "create post") { catalog, call in
            let post = Samples.post(call.id(60), text: "same", media: [1, 2], at: Fixture.now)
            return "\(try await catalog.create(post, duplicatesSince: Samples.now))"
        },
        Operation(name: "create post, media in the other order") { catalog, call in
            let post = Samples.post(call.id(70), text: "other", media: [2, 1], at: Fixture.now)
            return "\(try await catalog.create(post, duplicatesSince: Samples.now))"
        },
        Operation(name: "delete post") { catalog, call in
            let expiry = Fixture.late + .seconds(call.party)
            let id = PostID(rawValue: Fixture.post)
            return "\(try await catalog.delete(id, author: Samples.owner, mediaExpiresAt: expiry))"
        },
    ]

    private static let identity: [Operation] = [
        Operation(name: "ensureUser") { catalog, call in
            let user = User(id: UserID(rawValue: call.id(300)), name: "New", username: "new")
            return "\(try await catalog.ensureUser(user, at: Fixture.now))"
        },
        Operation(name: "create token") { catalog, call in
            let token = TokenRecord(
                id: "token\(call.party)", digest: [7], userID: Samples.owner, username: nil, scopes: [],
                createdAt: Fixture.now)
            return "\(try await catalog.create(token))"
        },
        Operation(name: "revokeToken") { catalog, call in
            "\(try await catalog.revokeToken(Fixture.token, at: Fixture.now + .seconds(call.party)))"
        },
    ]

    private static let deletion: [Operation] = [
        Operation(name: "markExpired", skipsLocked: true) { catalog, _ in
            "\(try await catalog.markExpired(at: Fixture.far, limit: 10))"
        },
        Operation(name: "markDeleting") { catalog, _ in
            "\(try await catalog.markDeleting(Fixture.media, owner: nil, onlyUnfinished: false))"
        },
        Operation(name: "markDeleting of an unfinished upload") { catalog, _ in
            "\(try await catalog.markDeleting(Fixture.media, owner: Samples.owner, onlyUnfinished: true))"
        },
        Operation(name: "finishDeletion") { catalog, _ in
            "\(try await catalog.finishDeletion(of: [MediaID(rawValue: 2), Fixture.media]))"
        },
        Operation(name: "forgetAttempts") { catalog, _ in
            let names = try [(0, 0), (0, 1), (1, 0)].map { try Samples.attempt(index: $0.0, number: $0.1).blob }
            return "\(try await catalog.forgetAttempts(names))"
        },
    ]
}
