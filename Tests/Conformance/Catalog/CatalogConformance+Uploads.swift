import MediaCore
import MediaRules
import Testing
import XMedia

extension CatalogConformance {
    static let uploads: [CatalogRule] = [
        CatalogRule("create: every member of the row is read back") { catalog in
            var upload = Samples.upload(
                9, additionalOwners: [Samples.stranger, UserID(rawValue: 1)], declaredBytes: 1 << 40)
            upload.metadata = [
                "alt_text": .object(["text": .string("quote ' \" \\ \u{0} 😀")]),
                "numbers": .array([.integer(.max), .integer(.min), .number(0.1), .bool(true), .null]),
            ]
            upload.failure = Samples.failure
            upload.facts = Samples.video
            upload.original = try Samples.original(9)
            upload.expectedEnd = Samples.now
            try await catalog.create(upload)
            #expect(try await catalog.media(9) == upload)
        },
        CatalogRule("a call of a cancelled task runs to its end") { catalog in
            let upload = Samples.upload(9)
            try await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await catalog.create(upload)
                #expect(try await catalog.media(9) == upload)
            }.value
            #expect(try await catalog.media(9) == upload)
        },
        CatalogRule("create: absent members stay absent") { catalog in
            let upload = MediaRecord(
                id: MediaID(rawValue: 9), mediaKeyPrefix: 3, ownerID: Samples.owner, category: nil, declaredType: nil,
                declaredBytes: nil, shared: true, createdAt: Samples.now, expiresAt: nil)
            try await catalog.create(upload)
            #expect(try await catalog.media(9) == upload)
        },
        CatalogRule("create: ids of 19 digits above Int64.max are ids like all others") { catalog in
            let id: UInt64 = 9_999_999_999_999_999_999
            let upload = Samples.upload(id, owner: UserID(rawValue: id - 1))
            try await catalog.open(upload)
            #expect(try await catalog.media(id) == upload)
            #expect(try await catalog.media([upload.id]) == [upload])
            #expect(try await catalog.segments(of: upload.id).map(\.mediaID) == [upload.id])
        },
        CatalogRule("create: the same id twice is an error and leaves the first row") { catalog in
            try await catalog.create(Samples.upload(1))
            await #expect(throws: StoreError.self) {
                try await catalog.create(Samples.upload(1, owner: Samples.stranger))
            }
            #expect(try await catalog.media(1).ownerID == Samples.owner)
        },
        CatalogRule("openUploadCount: counts what is neither closed nor being deleted") { catalog in
            #expect(try await catalog.openUploadCount() == 0)
            for id in UInt64(1)...3 { try await catalog.open(Samples.upload(id)) }
            #expect(try await catalog.openUploadCount() == 3)
            _ = try await catalog.markDeleting(MediaID(rawValue: 1), owner: nil, onlyUnfinished: true)
            #expect(try await catalog.openUploadCount() == 2)
        },
        CatalogRule("media, segments: an unknown id has neither row nor segments") { catalog async throws in
            #expect(try await catalog.media(MediaID(rawValue: 1)) == nil)
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)) == [])
        },
    ]

    static let segments: [CatalogRule] = [
        CatalogRule("commitSegment: segments come in any order and are read in order of their index") { catalog in
            try await catalog.create(Samples.upload())
            for index in [2, 9999, 0, 1] {
                let outcome = try await catalog.commitSegment(Samples.attempt(index: index), at: Samples.now)
                #expect(outcome == .committed(Samples.upload(), superseded: []))
            }
            let segments = try await catalog.segments(of: MediaID(rawValue: 1))
            #expect(segments.map(\.index) == [0, 1, 2, 9999])
            #expect(segments.allSatisfy { $0.generation == 0 && $0.size == 10 })
            #expect(segments.last?.crc32c == UInt32.max - 9999)
        },
        CatalogRule("commitSegment: the last commit of an index wins and names those it replaces") { catalog in
            try await catalog.create(Samples.upload())
            let attempts = try (0..<3).map { try Samples.attempt(number: $0, size: Int64($0 + 1)) }
            _ = try await catalog.commitSegment(attempts[0], at: Samples.now)
            _ = try await catalog.commitSegment(attempts[1], at: Samples.now)
            let last = try await catalog.commitSegment(attempts[2], at: Samples.now)
            #expect(last == .committed(Samples.upload(), superseded: [attempts[0].blob, attempts[1].blob]))
            let counting = try await catalog.segments(of: MediaID(rawValue: 1))
            #expect(counting.map(\.blob) == [attempts[2].blob])
            #expect(counting.map(\.generation) == [2])
            #expect(counting.map(\.size) == [3])
        },
        CatalogRule("commitSegment: after finalize none is committed and the manifest's attempt is named") { catalog in
            try await catalog.open(segments: 2)
            try await catalog.close()
            let row = try await catalog.media(1)
            let manifest = try await catalog.segments(of: row.id)
            let again = try await catalog.commitSegment(Samples.attempt(index: 1, number: 5), at: Samples.now)
            #expect(again == .closed(row, counting: manifest[1]))
            let beyond = try await catalog.commitSegment(Samples.attempt(index: 2), at: Samples.now)
            #expect(beyond == .closed(row, counting: nil))
            #expect(try await catalog.segments(of: row.id) == manifest)
        },
        CatalogRule("commitSegment: unknown, expired and deleted uploads are gone") { catalog in
            #expect(try await catalog.commitSegment(Samples.attempt(7), at: Samples.now) == .gone)
            try await catalog.open(Samples.upload(1, expiresAt: Samples.now + .milliseconds(1)), segments: 0)
            #expect(try await catalog.commitSegment(Samples.attempt(1), at: Samples.now + .milliseconds(1)) == .gone)
            try await catalog.open(Samples.upload(2), segments: 0)
            #expect(try await catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: false))
            #expect(try await catalog.commitSegment(Samples.attempt(2), at: Samples.now) == .gone)
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)) == [])
            #expect(try await catalog.segments(of: MediaID(rawValue: 2)) == [])
        },
        CatalogRule("commitSegment: uploads do not see each other's segments") { catalog in
            try await catalog.open(Samples.upload(1), segments: 3)
            try await catalog.open(Samples.upload(2), segments: 1)
            #expect(try await catalog.segments(of: MediaID(rawValue: 1)).count == 3)
            #expect(try await catalog.segments(of: MediaID(rawValue: 2)).count == 1)
        },
    ]

    static let finalize: [CatalogRule] = [
        CatalogRule("finalize: the upload is closed with its size, a new expiry and one judge job") { catalog in
            try await catalog.open(Samples.upload(declaredBytes: 30), segments: 3)
            let outcome = try await catalog.close()
            let row = try await catalog.media(1)
            #expect(outcome == .closed(row, byThisCall: true))
            #expect(row.state == .pending)
            #expect(row.size == 30)
            #expect(row.expiresAt == Samples.now + .seconds(7200))
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: false, count: 1)])
        },
        CatalogRule("finalize: again gives the row as it is, without a second job") { catalog in
            let job = try await catalog.judging()
            let again = try await catalog.finalize(
                job.mediaID, category: .dmImage, at: Samples.now, expiresAt: Samples.now + .seconds(1),
                rules: Samples.rules, queueLimit: 1000, quota: .unlimited)
            #expect(again == .closed(try await catalog.media(1), byThisCall: false))
            #expect(try await catalog.media(1).category == .tweetImage)
            #expect(try await catalog.media(1).expiresAt == Samples.now + .seconds(7200))
            #expect(try await catalog.jobCounts() == [JobCount(kind: .judge, isLeased: true, count: 1)])
        },
        CatalogRule("finalize: a category fills the place of none, and replaces no other") { catalog in
            try await catalog.open(Samples.upload(1, category: nil))
            try await catalog.close(1, category: .tweetVideo)
            #expect(try await catalog.media(1).category == .tweetVideo)
            try await catalog.open(Samples.upload(2, category: .dmImage))
            try await catalog.close(2, category: .tweetVideo)
            #expect(try await catalog.media(2).category == .dmImage)
        },
        CatalogRule("finalize: an incomplete upload stays open and says what is missing") { catalog in
            let upload = Samples.upload(declaredBytes: 40)
            try await catalog.open(upload, segments: 0)
            #expect(try await catalog.close() == .incomplete(upload, .empty))
            _ = try await catalog.commitSegment(Samples.attempt(index: 3), at: Samples.now)
            let gap = SegmentManifest.Fault.missing([0...2], receivedBytes: 10, declaredBytes: 40)
            #expect(try await catalog.close() == .incomplete(upload, gap))
            for index in 0...2 {
                _ = try await catalog.commitSegment(Samples.attempt(index: index, size: 9), at: Samples.now)
            }
            let short = SegmentManifest.Fault.sizeMismatch(receivedBytes: 37, declaredBytes: 40, segments: 4)
            #expect(try await catalog.close() == .incomplete(upload, short))
            #expect(try await catalog.media(1) == upload)
            #expect(try await catalog.jobCounts() == [])
        },
        CatalogRule("finalize: only the counting attempt of an index adds to the size") { catalog in
            try await catalog.open(Samples.upload(declaredBytes: 4))
            _ = try await catalog.commitSegment(Samples.attempt(number: 1, size: 4), at: Samples.now)
            try await catalog.close()
            #expect(try await catalog.media(1).size == 4)
        },
        CatalogRule("finalize: more bytes than the category allows are refused") { catalog in
            let limit = Samples.rules.limits(for: .tweetImage).maxBytes
            try await catalog.create(Samples.upload())
            _ = try await catalog.commitSegment(Samples.attempt(size: limit + 1), at: Samples.now)
            let fault = SegmentManifest.Fault.tooLarge(receivedBytes: limit + 1, limit: limit)
            #expect(try await catalog.close() == .incomplete(Samples.upload(), fault))
        },
        CatalogRule("finalize: an upload for whose job there is no room stays open; leased jobs do not count") {
            catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.open(Samples.upload(id)) }
            try await catalog.close(1, queueLimit: 1)
            #expect(try await catalog.close(2, queueLimit: 1) == .overloaded)
            #expect(try await catalog.media(2).state == .uploading)
            // What is closed already is answered, and what is incomplete is told so.
            #expect(try await catalog.close(1, queueLimit: 1) == .closed(try await catalog.media(1), byThisCall: false))
            _ = try await catalog.leased()
            try await catalog.close(2, queueLimit: 1)
            #expect(try await catalog.media(2).state == .pending)
            #expect(try await catalog.close(3, queueLimit: 1) == .overloaded)
        },
        CatalogRule("finalize: unknown, expired and deleted uploads are gone") { catalog in
            #expect(try await catalog.close(7) == .gone)
            try await catalog.open(Samples.upload(1, expiresAt: Samples.now + .seconds(1)))
            #expect(try await catalog.close(1, at: Samples.now + .seconds(1)) == .gone)
            try await catalog.open(Samples.upload(2))
            #expect(try await catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: true))
            #expect(try await catalog.close(2) == .gone)
            #expect(try await catalog.jobCounts() == [])
        },
    ]
}
