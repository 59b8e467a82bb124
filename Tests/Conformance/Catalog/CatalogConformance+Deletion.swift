import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let expiry: [CatalogRule] = [
        CatalogRule("markExpired: what is due, oldest first, at most the limit, and only once") { catalog in
            for id in 1...4 as ClosedRange<UInt64> {
                try await catalog.create(Samples.upload(id, expiresAt: Samples.now + .seconds(Int(id))))
            }
            try await catalog.create(Samples.upload(5, expiresAt: nil))
            let third = Samples.now + .seconds(3)
            #expect(try await catalog.markExpired(at: third, limit: 2) == 2)
            #expect(try await catalog.media(1).state == .deleting)
            #expect(try await catalog.media(2).state == .deleting)
            #expect(try await catalog.media(3).state == .uploading)
            #expect(try await catalog.markExpired(at: third, limit: 2) == 1)
            #expect(try await catalog.markExpired(at: third, limit: 2) == 0)
            #expect(try await catalog.media(4).state == .uploading)
            #expect(try await catalog.media(5).state == .uploading)
        },
        CatalogRule("markExpired: posted media never expire, until their last post is gone") { catalog in
            try await catalog.ready()
            _ = try await catalog.create(Samples.post(50, media: [1]), duplicatesSince: Samples.now)
            let later = Samples.now + .seconds(1_000_000)
            #expect(try await catalog.markExpired(at: later, limit: 10) == 0)
            _ = try await catalog.delete(PostID(rawValue: 50), author: Samples.owner, mediaExpiresAt: later)
            #expect(try await catalog.markExpired(at: later - .milliseconds(1), limit: 10) == 0)
            #expect(try await catalog.markExpired(at: later, limit: 10) == 1)
        },
        CatalogRule("markExpired: a job in progress is lost with its media") { catalog in
            let job = try await catalog.judging()
            #expect(try await catalog.markExpired(at: Samples.now + .seconds(7200), limit: 10) == 1)
            #expect(try await !catalog.renew(job, progress: 1, expectedEnd: nil, until: Samples.now))
        },
    ]

    static let deletion: [CatalogRule] = [
        CatalogRule("markDeleting: may be repeated; false for unknown and other owners' media") { catalog in
            try await catalog.open()
            let id = MediaID(rawValue: 1)
            #expect(try await !catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: false))
            #expect(try await !catalog.markDeleting(id, owner: Samples.stranger, onlyUnfinished: false))
            #expect(try await catalog.media(1).state == .uploading)
            #expect(try await catalog.markDeleting(id, owner: Samples.owner, onlyUnfinished: true))
            #expect(try await catalog.markDeleting(id, owner: Samples.owner, onlyUnfinished: true))
            #expect(try await catalog.media(1).state == .deleting)
        },
        CatalogRule("markDeleting: what was finalized is no unfinished upload") { catalog in
            try await catalog.open()
            try await catalog.close()
            let id = MediaID(rawValue: 1)
            #expect(try await !catalog.markDeleting(id, owner: Samples.owner, onlyUnfinished: true))
            #expect(try await catalog.media(1).state == .pending)
            #expect(try await catalog.markDeleting(id, owner: Samples.owner, onlyUnfinished: false))
            #expect(try await catalog.jobCounts() == [])
        },
        CatalogRule("markDeleting: posts no longer show the media, the others stay in order") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.ready(Samples.upload(id)) }
            _ = try await catalog.create(Samples.post(50, media: [1, 2, 3], preview: 2), duplicatesSince: Samples.now)
            #expect(try await catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: false))
            let post = try #require(try await catalog.posts([PostID(rawValue: 50)]).first)
            #expect(post.mediaIDs.map(\.rawValue) == [1, 3])
            #expect(post.previewMediaID == nil)
            #expect(try await !catalog.media(2).isPosted)
        },
        CatalogRule("deletions: all blobs that the rows name; finishDeletion: the rows are gone") { catalog in
            let job = try await catalog.judging(segments: 2)
            _ = try await catalog.recordOriginal(Samples.original(), for: job)
            let rendition = try Samples.rendition(10)
            _ = try await catalog.succeed(
                job, facts: Samples.photo, renditions: [rendition, Samples.rendition(11, role: .hlsMaster)],
                followUp: .renditions, at: Samples.now)
            try await catalog.create(Samples.upload(2))
            #expect(try await catalog.deletions(after: nil, limit: 10) == [])
            _ = try await catalog.markDeleting(job.mediaID, owner: nil, onlyUnfinished: false)
            let deletion = try #require(try await catalog.deletions(after: nil, limit: 10).first)
            #expect(deletion.id == job.mediaID)
            let expected = [
                try Samples.attempt(index: 0).blob, try Samples.attempt(index: 1).blob, try Samples.original().blob,
                try #require(rendition.blob),
            ]
            #expect(Set(deletion.blobs) == Set(expected))
            #expect(try await catalog.named(among: expected) == Set(expected))
            try await catalog.finishDeletion(of: [job.mediaID])
            #expect(try await catalog.deletions(after: nil, limit: 10) == [])
            #expect(try await catalog.media(job.mediaID) == nil)
            #expect(try await catalog.segments(of: job.mediaID) == [])
            #expect(try await catalog.renditions(of: [job.mediaID]) == [])
            #expect(try await catalog.named(among: expected) == [])
            try await catalog.finishDeletion(of: [job.mediaID])
        },
        CatalogRule("deletions: at most the limit; finishDeletion: only what is marked") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.open(Samples.upload(id)) }
            for id in 1...2 as ClosedRange<UInt64> {
                _ = try await catalog.markDeleting(MediaID(rawValue: id), owner: nil, onlyUnfinished: false)
            }
            #expect(try await catalog.deletions(after: nil, limit: 1).count == 1)
            #expect(try await catalog.deletions(after: nil, limit: 9).count == 2)
            try await catalog.finishDeletion(of: [MediaID(rawValue: 3)])
            #expect(try await catalog.segments(of: MediaID(rawValue: 3)).count == 1)
        },
    ]

    static let attempts: [CatalogRule] = [
        CatalogRule("discardableAttempts: replaced ones while the upload is open, which forgetAttempts erases") {
            catalog in
            try await catalog.create(Samples.upload())
            let attempts = try (0..<3).map { try Samples.attempt(number: $0) }
            for attempt in attempts { _ = try await catalog.commitSegment(attempt, at: Samples.now) }
            let names = attempts.map(\.blob)
            #expect(
                try await catalog.discardableAttempts(after: nil, limit: 10).map(\.blob) == [names[0], names[1]])
            #expect(try await catalog.discardableAttempts(after: nil, limit: 1).count == 1)
            try await catalog.forgetAttempts(names)
            #expect(try await catalog.discardableAttempts(after: nil, limit: 10) == [])
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)).map(\.blob) == [names[2]])
            #expect(try await catalog.named(among: names) == [names[2]])
            try await catalog.forgetAttempts(names)
        },
        CatalogRule("discardableAttempts: in pages, behind those that stay") { catalog in
            // Replaced ones of an open upload, between the attempts of two that are composed; one id is negative in SQL.
            var expected: [BlobName] = []
            for id in [9_999_999_999_999_999_999 as UInt64, 1, 2] {
                try await catalog.create(Samples.upload(id))
                for index in 0..<3 {
                    for number in 0..<4 {
                        let attempt = try Samples.attempt(id, index: index, number: number)
                        _ = try await catalog.commitSegment(attempt, at: Samples.now)
                        if id != 1 || number < 3 { expected.append(attempt.blob) }
                    }
                }
                guard id != 1 else { continue }
                try await catalog.close(id)
                let original = try Samples.original(id)
                _ = try await catalog.recordOriginal(original, for: catalog.leased(token: "t\(id)"))
            }
            #expect(try await catalog.discardableAttempts(after: nil, limit: 100).map(\.blob) == expected)
            for limit in [1, 2, 5, 7] {
                var found: [BlobName] = []
                var last: Segment?
                repeat {
                    let page = try await catalog.discardableAttempts(after: last, limit: limit)
                    #expect(page.count <= limit)
                    found += page.map(\.blob)
                    last = page.last
                } while last != nil && found.count < 100
                #expect(found == expected)
            }
        },
        CatalogRule("forgetAttempts: after composition the manifest stays, naming no blobs") { catalog in
            let job = try await catalog.judging(segments: 300)
            let manifest = try await catalog.segments(of: job.mediaID)
            let names = manifest.map(\.blob)
            #expect(try await catalog.discardableAttempts(after: nil, limit: 1000) == [])
            try await catalog.forgetAttempts(names)
            #expect(try await catalog.named(among: names).count == 300)
            _ = try await catalog.recordOriginal(Samples.original(), for: job)
            #expect(Set(try await catalog.discardableAttempts(after: nil, limit: 1000).map(\.blob)) == Set(names))
            try await catalog.forgetAttempts(Array(names.prefix(299)))
            #expect(try await catalog.discardableAttempts(after: nil, limit: 1000).map(\.blob) == [names[299]])
            try await catalog.forgetAttempts(names)
            #expect(try await catalog.discardableAttempts(after: nil, limit: 1000) == [])
            #expect(try await catalog.named(among: names) == [])
            #expect(try await catalog.segments(of: job.mediaID) == manifest)
            _ = try await catalog.markDeleting(job.mediaID, owner: nil, onlyUnfinished: false)
            #expect(try await catalog.deletions(after: nil, limit: 1).first?.blobs == [try Samples.original().blob])
        },
        CatalogRule("forgetAttempts: a replaced attempt of a closed upload goes, its manifest stays") { catalog in
            try await catalog.open()
            _ = try await catalog.commitSegment(Samples.attempt(number: 1), at: Samples.now)
            try await catalog.close()
            let replaced = try Samples.attempt().blob
            #expect(try await catalog.discardableAttempts(after: nil, limit: 10).map(\.blob) == [replaced])
            let manifest = try await catalog.segments(of: MediaID(rawValue: 1))
            try await catalog.forgetAttempts([replaced] + manifest.map(\.blob))
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)) == manifest)
            #expect(try await catalog.named(among: manifest.map(\.blob)).count == 1)
        },
        CatalogRule("named: nothing for names that no row holds") { catalog in
            try await catalog.open()
            #expect(try await catalog.named(among: []) == [])
            let held = try Samples.attempt().blob
            let other = try Samples.attempt(index: 1).blob
            let original = try Samples.original().blob
            #expect(try await catalog.named(among: [held, other, original]) == [held])
        },
        CatalogRule("expectedBlobs: what must be there, in batches, each once") { catalog in
            let job = try await catalog.judging(Samples.upload(1), segments: 2)
            _ = try await catalog.recordOriginal(Samples.original(), for: job)
            _ = try await catalog.succeed(
                job, facts: Samples.photo,
                renditions: [Samples.rendition(10), Samples.rendition(11, role: .hlsMaster)], followUp: nil,
                at: Samples.now)
            let largest = UInt64(1) << 63
            try await catalog.open(Samples.upload(largest), segments: 600)
            _ = try await catalog.commitSegment(Samples.attempt(largest, number: 1, size: 77), at: Samples.now)
            try await catalog.open(Samples.upload(2))
            _ = try await catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: false)
            var parts: [BlobPart] = []
            try await catalog.expectedBlobs { batch in
                #expect(!batch.isEmpty)
                parts += batch
            }
            #expect(parts.count == 602)
            #expect(Set(parts.map(\.name)).count == 602)
            let original = StoredBlob(size: 20, crc32c: UInt32.max)
            #expect(parts.contains(BlobPart(name: try Samples.original().blob, stored: original)))
            let replacing = try Samples.attempt(largest, number: 1, size: 77)
            #expect(parts.contains(BlobPart(name: replacing.blob, stored: replacing.stored)))
            let rendition = try #require(try Samples.rendition(10).blob)
            #expect(parts.contains(BlobPart(name: rendition, stored: StoredBlob(size: 5, crc32c: 7))))
        },
    ]
}
