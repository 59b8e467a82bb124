import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let idempotency: [CatalogRule] = [
        CatalogRule("claim: the same request is answered as the first time and has no second effect") { catalog in
            let first = Self.claim("k", answer: "{\"a\":\"\\u0000'\"}")
            #expect(try await catalog.create(Samples.upload(1), quota: .unlimited, claim: first) == .created)
            #expect(try await catalog.earlierAnswer(to: first.key) == .same(first.answer))
            let again = Self.claim("k", answer: "another")
            let outcome = try await catalog.create(Samples.upload(2), quota: .unlimited, claim: again)
            #expect(outcome == .answeredBefore(.same(first.answer)))
            #expect(try await catalog.media(MediaID(rawValue: 2)) == nil)
            #expect(try await catalog.storedBytes(of: Samples.owner) == UserQuota.step)
        },
        CatalogRule("claim: another request under the key is told so; other keys, users and operations are apart") {
            catalog in
            _ = try await catalog.create(Samples.upload(1), quota: .unlimited, claim: Self.claim("k"))
            let other = Self.claim("k", digest: "d2")
            #expect(try await catalog.earlierAnswer(to: other.key) == .otherRequest)
            #expect(
                try await catalog.create(Samples.upload(2), quota: .unlimited, claim: other)
                    == .answeredBefore(.otherRequest))
            for (number, claim) in [
                Self.claim("K"), Self.claim("k", user: Samples.stranger), Self.claim("k", operation: "other"),
            ].enumerated() {
                #expect(try await catalog.earlierAnswer(to: claim.key) == nil)
                let upload = Samples.upload(UInt64(10 + number))
                #expect(try await catalog.create(upload, quota: .unlimited, claim: claim) == .created)
            }
        },
        CatalogRule("claim: what was refused leaves the key free") { catalog in
            let claim = Self.claim("k")
            let full = UserQuota(bytes: 0)
            for quota in [full, UserQuota(openUploads: 0)] {
                guard case .overQuota = try await catalog.create(Samples.upload(1), quota: quota, claim: claim) else {
                    Issue.record("created")
                    return
                }
            }
            let post = Samples.post(50, media: [99])
            #expect(
                try await catalog.create(post, duplicatesSince: Samples.now, claim: Self.claim("p"))
                    == .invalidMedia([MediaID(rawValue: 99)]))
            #expect(try await catalog.earlierAnswer(to: claim.key) == nil)
            #expect(try await catalog.earlierAnswer(to: Self.claim("p").key) == nil)
            #expect(try await catalog.create(Samples.upload(1), quota: .unlimited, claim: claim) == .created)
        },
        CatalogRule("claim: a post with a key is no duplicate of itself") { catalog async throws in
            let claim = Self.claim("k")
            #expect(try await catalog.create(Samples.post(50), duplicatesSince: Samples.now, claim: claim) == .created)
            #expect(
                try await catalog.create(Samples.post(51), duplicatesSince: Samples.now, claim: claim)
                    == .answeredBefore(.same(claim.answer)))
            #expect(
                try await catalog.create(Samples.post(52), duplicatesSince: Samples.now, claim: Self.claim("k2"))
                    == .duplicate)
        },
        CatalogRule("claim: 100 equal posts at once make one post, and all are told of it") { catalog in
            let outcomes = try await concurrently(100) { number in
                let claim = Self.claim("k", answer: "post \(number)")
                return try await catalog.create(
                    Samples.post(UInt64(number + 1)), duplicatesSince: Samples.now, claim: claim)
            }
            #expect(outcomes.filter { $0 == .created }.count == 1)
            let stored = try #require(try await catalog.earlierAnswer(to: Self.claim("k").key))
            #expect(outcomes.filter { $0 == .answeredBefore(stored) }.count == 99)
            let posts = try await catalog.posts((1...100).map { PostID(rawValue: $0) })
            #expect(posts.count == 1)
            #expect(stored == .same(StoredAnswer(status: 201, body: "post \((posts.first?.id.rawValue ?? 0) - 1)")))
        },
        CatalogRule("forgetKeys: only what is older, at most the limit; then the key can be used anew") { catalog in
            for number in 0..<5 {
                let claim = Self.claim("k\(number)", at: Samples.now + .seconds(number))
                _ = try await catalog.create(Samples.upload(UInt64(number + 1)), quota: .unlimited, claim: claim)
            }
            let border = Samples.now + .seconds(3)
            #expect(try await catalog.forgetKeys(claimedBefore: border, limit: 2) == 2)
            #expect(try await catalog.earlierAnswer(to: Self.claim("k0").key) == nil)
            #expect(try await catalog.earlierAnswer(to: Self.claim("k2").key) != nil)
            #expect(try await catalog.forgetKeys(claimedBefore: border, limit: 9) == 1)
            #expect(try await catalog.forgetKeys(claimedBefore: border, limit: 9) == 0)
            #expect(try await catalog.earlierAnswer(to: Self.claim("k3").key) != nil)
            #expect(
                try await catalog.create(Samples.upload(9), quota: .unlimited, claim: Self.claim("k0", digest: "d2"))
                    == .created)
        },
    ]

    private static func claim(
        _ text: String, user: UserID = Samples.owner, operation: String = "operation", digest: String = "d1",
        answer: String = "{}", at moment: Timestamp = Samples.now
    ) -> IdempotencyClaim {
        IdempotencyClaim(
            key: IdempotencyKey(userID: user, operation: operation, text: text, digest: digest),
            answer: StoredAnswer(status: 201, body: answer), at: moment)
    }
}
