import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let posts: [CatalogRule] = [
        CatalogRule("create post: it is read back whole, and its media and preview no longer expire") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.ready(Samples.upload(id)) }
            let post = Samples.post(50, text: "NUL \u{0} and 😀", media: [2, 1], preview: 3)
            #expect(try await catalog.create(post, duplicatesSince: Samples.now) == .created)
            #expect(try await catalog.posts([post.id, PostID(rawValue: 51)]) == [post])
            for id in 1...3 as ClosedRange<UInt64> {
                #expect(try await catalog.media(id).expiresAt == nil)
                #expect(try await catalog.media(id).isPosted)
            }
        },
        CatalogRule("create post: text alone needs no media") { catalog async throws in
            #expect(try await catalog.create(Samples.post(50), duplicatesSince: Samples.now) == .created)
            #expect(try await catalog.posts([PostID(rawValue: 50)]) == [Samples.post(50)])
        },
        CatalogRule("create post: media that may not be posted are all named, and nothing changes") { catalog in
            try await catalog.ready(Samples.upload(1))
            try await catalog.ready(Samples.upload(2, owner: Samples.stranger))
            try await catalog.ready(Samples.upload(3, category: .dmImage))
            try await catalog.ready(Samples.upload(4))
            _ = try await catalog.markDeleting(MediaID(rawValue: 4), owner: nil, onlyUnfinished: false)
            try await catalog.open(Samples.upload(5))
            let post = Samples.post(50, media: [1, 2, 3, 4, 5], preview: 6)
            let outcome = try await catalog.create(post, duplicatesSince: Samples.now)
            guard case .invalidMedia(let ids) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(Set(ids.map(\.rawValue)) == [2, 3, 4, 5, 6])
            #expect(try await catalog.posts([post.id]) == [])
            #expect(try await catalog.media(1).expiresAt != nil)
            #expect(try await !catalog.media(1).isPosted)
        },
        CatalogRule("create post: expired media may not be posted") { catalog in
            try await catalog.ready()
            let late = Samples.post(50, media: [1], at: Samples.now + .seconds(7200))
            #expect(
                try await catalog.create(late, duplicatesSince: Samples.now) == .invalidMedia([MediaID(rawValue: 1)]))
        },
        CatalogRule("create post: an additional owner may post") { catalog in
            try await catalog.ready(Samples.upload(1, additionalOwners: [Samples.stranger]))
            let post = Samples.post(50, author: Samples.stranger, media: [1])
            #expect(try await catalog.create(post, duplicatesSince: Samples.now) == .created)
        },
        CatalogRule("create post: media that do not go together are refused") { catalog in
            try await catalog.ready(Samples.upload(1))
            try await catalog.ready(Samples.upload(2, category: .tweetVideo), facts: Samples.video)
            let outcome = try await catalog.create(Samples.post(50, media: [1, 2]), duplicatesSince: Samples.now)
            let postable = [try await catalog.media(1), try await catalog.media(2)].compactMap {
                PostableMedia($0, author: Samples.owner, at: Samples.now)
            }
            #expect(outcome == .invalidCombination(postable))
            #expect(try await catalog.media(1).expiresAt != nil)
        },
        CatalogRule("create post: the same text and media by the same author since then is a duplicate") { catalog in
            for id in 1...2 as ClosedRange<UInt64> { try await catalog.ready(Samples.upload(id)) }
            _ = try await catalog.create(Samples.post(50, media: [1, 2]), duplicatesSince: Samples.now)
            let later = Samples.now + .seconds(900)
            let same = Samples.post(51, media: [1, 2], at: later)
            #expect(try await catalog.create(same, duplicatesSince: Samples.now) == .duplicate)
            #expect(try await catalog.posts([same.id]) == [])
            let others = [
                Samples.post(52, text: "hello ", media: [1, 2], at: later), Samples.post(53, media: [1], at: later),
                Samples.post(54, at: later), Samples.post(55, author: Samples.stranger, at: later),
            ]
            for other in others {
                #expect(try await catalog.create(other, duplicatesSince: Samples.now) == .created, "\(other.id)")
            }
            #expect(try await catalog.create(same, duplicatesSince: Samples.now + .milliseconds(1)) == .created)
        },
        CatalogRule("create post: a post that was deleted is no duplicate") { catalog in
            _ = try await catalog.create(Samples.post(50), duplicatesSince: Samples.now)
            _ = try await catalog.delete(PostID(rawValue: 50), author: Samples.owner, mediaExpiresAt: Samples.now)
            #expect(try await catalog.create(Samples.post(51), duplicatesSince: Samples.now) == .created)
        },
        CatalogRule("delete post: media expire again when the last post that uses them is gone") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.ready(Samples.upload(id)) }
            _ = try await catalog.create(Samples.post(50, media: [1, 2], preview: 3), duplicatesSince: Samples.now)
            _ = try await catalog.create(Samples.post(51, media: [2]), duplicatesSince: Samples.now)
            let first = Samples.now + .seconds(1)
            #expect(try await catalog.delete(PostID(rawValue: 50), author: Samples.owner, mediaExpiresAt: first))
            #expect(try await catalog.media(1).expiresAt == first)
            #expect(try await catalog.media(3).expiresAt == first)
            #expect(try await !catalog.media(1).isPosted)
            #expect(try await catalog.media(2).expiresAt == nil)
            #expect(try await catalog.media(2).isPosted)
            let second = Samples.now + .seconds(2)
            #expect(try await catalog.delete(PostID(rawValue: 51), author: Samples.owner, mediaExpiresAt: second))
            #expect(try await catalog.media(2).expiresAt == second)
            #expect(try await catalog.media(1).expiresAt == first)
        },
        CatalogRule("delete post: only the author's own, and only once") { catalog in
            _ = try await catalog.create(Samples.post(50), duplicatesSince: Samples.now)
            let id = PostID(rawValue: 50)
            #expect(try await !catalog.delete(id, author: Samples.stranger, mediaExpiresAt: Samples.now))
            #expect(try await catalog.posts([id]).count == 1)
            #expect(try await catalog.delete(id, author: Samples.owner, mediaExpiresAt: Samples.now))
            #expect(try await !catalog.delete(id, author: Samples.owner, mediaExpiresAt: Samples.now))
        },
    ]

    static let timelines: [CatalogRule] = [
        CatalogRule("posts by author: in order of their ids, strictly between the bounds, at most the limit") {
            catalog in
            for id in 1...9 as ClosedRange<UInt64> {
                _ = try await catalog.create(Samples.post(id, text: "\(id)"), duplicatesSince: Samples.now)
            }
            _ = try await catalog.create(Samples.post(20, author: Samples.stranger), duplicatesSince: Samples.now)
            func ids(
                _ newer: UInt64?, _ older: UInt64?, newestFirst: Bool = true, limit: Int = 3
            ) async throws -> [UInt64] {
                try await catalog.posts(
                    by: Samples.owner, newerThan: newer.map(PostID.init(rawValue:)),
                    olderThan: older.map(PostID.init(rawValue:)), newestFirst: newestFirst, limit: limit
                ).map(\.id.rawValue)
            }
            #expect(try await ids(nil, nil) == [9, 8, 7])
            #expect(try await ids(nil, 7) == [6, 5, 4])
            #expect(try await ids(7, nil) == [9, 8])
            #expect(try await ids(2, nil, newestFirst: false) == [3, 4, 5])
            #expect(try await ids(2, 5, limit: 100) == [4, 3])
            #expect(try await ids(5, 5) == [])
            #expect(try await ids(nil, nil, limit: 0) == [])
        },
        CatalogRule("posts by author: bounds above Int64.max are newer than every post") { catalog in
            _ = try await catalog.create(Samples.post(5), duplicatesSince: Samples.now)
            let bound = PostID(rawValue: 9_999_999_999_999_999_999)
            let older = try await catalog.posts(
                by: Samples.owner, newerThan: nil, olderThan: bound, newestFirst: true, limit: 5)
            #expect(older.map(\.id.rawValue) == [5])
            let newer = try await catalog.posts(
                by: Samples.owner, newerThan: bound, olderThan: nil, newestFirst: true, limit: 5)
            #expect(newer == [])
            #expect(try await catalog.posts([bound]) == [])
        },
        CatalogRule("posts by author: each has its own media, in order") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.ready(Samples.upload(id)) }
            let posts = [
                Samples.post(50, media: [3, 1]), Samples.post(51), Samples.post(52, media: [2], preview: 1),
            ]
            for post in posts {
                #expect(try await catalog.create(post, duplicatesSince: Samples.now) == .created)
            }
            let found = try await catalog.posts(
                by: Samples.owner, newerThan: nil, olderThan: nil, newestFirst: false, limit: 9)
            #expect(found == posts)
        },
    ]
}
