import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let batches: [CatalogRule] = [
        CatalogRule("deletions: by rising id, from where the last page ended, each with its own blobs") { catalog in
            let ids = (1...300).map { MediaID(rawValue: $0) }
            for id in ids { try await catalog.open(Samples.upload(id.rawValue)) }
            #expect(try await catalog.markExpired(at: Samples.now + .seconds(7200), limit: 1000) == 300)
            let first = try await catalog.deletions(after: nil, limit: 10)
            let second = try await catalog.deletions(after: first.last?.id, limit: 1000)
            let third = try await catalog.deletions(after: second.last?.id, limit: 10)
            #expect((first + second + third).map(\.id) == ids)
            #expect(first.count == 10)
            for deletion in first + second {
                #expect(deletion.blobs == [try Samples.attempt(deletion.id.rawValue).blob])
            }
        },
        CatalogRule("finishDeletion: many at once, in any order, some repeated, unknown or not marked") { catalog in
            let ids = (1...300).map { MediaID(rawValue: $0) }
            for id in ids { try await catalog.open(Samples.upload(id.rawValue)) }
            for id in ids.dropLast(10) {
                _ = try await catalog.markDeleting(id, owner: nil, onlyUnfinished: false)
            }
            try await catalog.finishDeletion(of: [])
            try await catalog.finishDeletion(of: ids.reversed() + [MediaID(rawValue: 9999)] + ids)
            #expect(try await catalog.deletions(after: nil, limit: 1000) == [])
            for id in ids.suffix(12) {
                let isThere = id.rawValue > 290
                #expect(try await (catalog.media(id) != nil) == isThere)
                #expect(try await catalog.segments(of: id).isEmpty != isThere)
            }
        },
    ]
}
