import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    static let media: [CatalogRule] = [
        CatalogRule("media: the rows that exist, without those being deleted, each once") { catalog in
            for id in 1...3 as ClosedRange<UInt64> { try await catalog.create(Samples.upload(id)) }
            _ = try await catalog.markDeleting(MediaID(rawValue: 2), owner: nil, onlyUnfinished: false)
            let ids = ([1, 2, 3, 3, 4] as [UInt64]).map(MediaID.init(rawValue:))
            #expect(Set(try await catalog.media(ids).map(\.id)) == [ids[0], ids[2]])
            #expect(try await catalog.media(ids).count == 2)
            #expect(try await catalog.media([]) == [])
            #expect(try await catalog.media(2).state == .deleting)
        },
        CatalogRule("media: a thousand ids at once") { catalog in
            for id in 1...40 as ClosedRange<UInt64> { try await catalog.create(Samples.upload(id * 25)) }
            let ids = (1...1000 as ClosedRange<UInt64>).map(MediaID.init(rawValue:))
            #expect(try await catalog.media(ids).count == 40)
            #expect(try await catalog.renditions(of: ids) == [])
        },
        CatalogRule("renditions: every member is read back, by media and by id") { catalog in
            let job = try await catalog.judging()
            let renditions = try [
                Samples.rendition(.max), Samples.rendition(11, role: .hlsStream),
                Samples.rendition(12, role: .hlsMaster),
            ]
            #expect(
                try await catalog.succeed(
                    job, facts: Samples.video, renditions: renditions, followUp: nil, at: Samples.now))
            let found = try await catalog.renditions(of: [job.mediaID, MediaID(rawValue: 5)])
            #expect(found.sorted { $0.id < $1.id } == renditions.sorted { $0.id < $1.id })
            let (rendition, media) = try #require(try await catalog.rendition(renditions[1].id))
            #expect(rendition == renditions[1])
            #expect(media == (try await catalog.media(1)))
        },
        CatalogRule("rendition: none for an unknown id, or when the media is being deleted") { catalog in
            #expect(try await catalog.rendition(RenditionID(rawValue: 10)) == nil)
            let job = try await catalog.judging()
            _ = try await catalog.succeed(
                job, facts: Samples.photo, renditions: [Samples.rendition(10)], followUp: nil, at: Samples.now)
            _ = try await catalog.markDeleting(job.mediaID, owner: nil, onlyUnfinished: false)
            #expect(try await catalog.rendition(RenditionID(rawValue: 10)) == nil)
        },
        CatalogRule("setMetadata: given members replace those of the same name, the others stay") { catalog in
            try await catalog.open()
            try await catalog.close()
            let id = MediaID(rawValue: 1)
            _ = try await catalog.setMetadata(
                ["a": .integer(1), "b": .integer(2)], of: id, owner: Samples.owner, at: Samples.now)
            let row = try await catalog.setMetadata(
                ["b": .object(["x": .null]), "c": .string("3")], of: id, owner: Samples.owner, at: Samples.now)
            #expect(row?.metadata == ["a": .integer(1), "b": .object(["x": .null]), "c": .string("3")])
            #expect(try await catalog.media(1) == row)
            #expect(try await catalog.setMetadata([:], of: id, owner: Samples.owner, at: Samples.now) == row)
        },
        CatalogRule("setMetadata: nothing for others, unknown, unfinished, expired and deleted media") { catalog in
            let shared = Samples.upload(1, additionalOwners: [Samples.stranger])
            try await catalog.open(shared)
            let members: MediaMetadata = ["a": .integer(1)]
            let id = shared.id
            #expect(try await catalog.setMetadata(members, of: id, owner: Samples.owner, at: Samples.now) == nil)
            try await catalog.close()
            #expect(try await catalog.setMetadata(members, of: id, owner: Samples.stranger, at: Samples.now) == nil)
            #expect(
                try await catalog.setMetadata(
                    members, of: MediaID(rawValue: 2), owner: Samples.owner, at: Samples.now) == nil)
            #expect(
                try await catalog.setMetadata(members, of: id, owner: Samples.owner, at: Samples.now + .seconds(7200))
                    == nil)
            _ = try await catalog.markDeleting(id, owner: nil, onlyUnfinished: false)
            #expect(try await catalog.setMetadata(members, of: id, owner: Samples.owner, at: Samples.now) == nil)
            #expect(try await catalog.media(1).metadata == [:])
        },
        CatalogRule("setMetadata: concurrent members of different names are all there") { catalog in
            try await catalog.open()
            try await catalog.close()
            _ = try await concurrently(20) { number in
                try await catalog.setMetadata(
                    ["m\(number)": .integer(Int64(number))], of: MediaID(rawValue: 1), owner: Samples.owner,
                    at: Samples.now)
            }
            #expect(try await catalog.media(1).metadata.count == 20)
        },
    ]
}
