import HTTPTypes
import MediaCore
import NIOCore
import Testing
import XMedia

@Suite("GET /media/…")
struct DeliveryTests {
    private let content = RouteFixture.bytes(600_000)

    private func path(_ rendition: Rendition) -> String { MediaURLs.path(of: rendition) }

    @Test("posted media is served to everybody, for a day, and cannot do anything but show itself")
    func posted() async throws {
        try await RouteFixture.run { server in
            let (id, renditions) = try await server.ready(content: content)
            _ = try await server.post("look", media: [id])
            let answer = try await server.send(.get, path(renditions[0]), token: .none)
            #expect(answer.status == 200)
            #expect(answer.body == content)
            #expect(answer.headers[.contentType] == "image/png")
            #expect(answer.headers[.contentLength] == "600000")
            #expect(answer.headers[.cacheControl] == "public, max-age=86400, immutable")
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(
                answer.headers[.contentSecurityPolicy]?.hasPrefix("sandbox allow-same-origin; default-src 'none'; ")
                    == true)
            #expect(answer.headers[.crossOriginResourcePolicy] == "cross-origin")
            #expect(answer.headers[.acceptRanges] == "bytes")
            #expect(answer.headers[.eTag]?.hasPrefix("\"") == true)
            let head = try await server.send(.head, path(renditions[0]), token: .none)
            #expect(head.status == 200)
            #expect(head.body.readableBytes == 0)
            #expect(head.headers[.contentLength] == "600000")
            #expect(head.headers[.eTag] == answer.headers[.eTag])
        }
    }

    @Test("unposted and dm media is there for owners only, and no shared cache keeps it")
    func unposted() async throws {
        try await RouteFixture.run { server in
            let image = try await server.ready(#"{"additional_owners":["\#(server.bob)"]}"#).renditions[0]
            let own = try await server.ready(#"{"media_category":"dm_image"}"#).renditions[0]
            for token in [RouteFixture.Token.none, .unknown, .app] {
                #expect(try await server.send(.get, path(image), token: token).status == 404)
                #expect(try await server.send(.get, path(own), token: token).status == 404)
            }
            #expect(try await server.send(.get, path(own), token: .bob).status == 404)
            for (rendition, token) in [(image, RouteFixture.Token.alice), (image, .bob), (own, .alice)] {
                let answer = try await server.send(.get, path(rendition), token: token)
                #expect(answer.status == 200)
                #expect(answer.headers[.cacheControl] == "private, no-cache")
                #expect(answer.headers[.crossOriginResourcePolicy] == "same-origin")
            }
        }
    }

    @Test("only the rendition's own extension names it")
    func extensions() async throws {
        try await RouteFixture.run { server in
            let rendition = try await server.ready().renditions[0]
            for file in [
                "\(rendition.id)", "\(rendition.id).jpg", "\(rendition.id).m4s", "\(rendition.id).png.png", "x.png",
                ".png", "1.png",
            ] {
                #expect(try await server.send(.get, "/media/\(file)").status == 404)
            }
        }
    }

    @Test("ranges: part, suffix, beyond the end")
    func ranges() async throws {
        try await RouteFixture.run { server in
            let target = path(try await server.ready(content: content).renditions[0])
            let part = try await server.send(.get, target, headers: [.range: "bytes=300000-599998"])
            #expect(part.status == 206)
            #expect(part.body == content.getSlice(at: 300_000, length: 299_999))
            #expect(part.headers[.contentRange] == "bytes 300000-599998/600000")
            #expect(part.headers[.contentLength] == "299999")
            let suffix = try await server.send(.get, target, headers: [.range: "bytes=-10"])
            #expect(suffix.body == content.getSlice(at: 599_990, length: 10))
            let beyond = try await server.send(.get, target, headers: [.range: "bytes=600000-"])
            #expect(beyond.status == 416)
            #expect(beyond.headers[.contentRange] == "bytes */600000")
            let several = try await server.send(.get, target, headers: [.range: "bytes=0-1,4-5"])
            #expect(several.status == 200)
            let head = try await server.send(.head, target, headers: [.range: "bytes=0-1"])
            #expect(head.status == 200)
        }
    }

    @Test("conditions: If-None-Match, If-Match, If-Range")
    func conditions() async throws {
        try await RouteFixture.run { server in
            let target = path(try await server.ready().renditions[0])
            let tag = try #require(try await server.send(.head, target).headers[.eTag])
            for list in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let answer = try await server.send(.get, target, headers: [.ifNoneMatch: list])
                #expect(answer.status == 304)
                #expect(answer.body.readableBytes == 0)
                #expect(answer.headers[.eTag] == tag)
                #expect(answer.headers[.contentLength] == nil)
            }
            #expect(try await server.send(.get, target, headers: [.ifNoneMatch: "\"other\""]).status == 200)
            #expect(try await server.send(.get, target, headers: [.ifMatch: tag]).status == 200)
            #expect(try await server.send(.get, target, headers: [.ifMatch: "W/\(tag)"]).status == 412)
            let range = [tag: 206, "W/\(tag)": 200, "\"other\"": 200, "Sat, 21 Nov 2026 00:00:00 GMT": 200]
            for (condition, status) in range {
                let answer = try await server.send(.get, target, headers: [.range: "bytes=0-1", .ifRange: condition])
                #expect(answer.status == status)
            }
        }
    }

    @Test("playlists are made of rows, lead to the streams, and are asked for each time")
    func playlists() async throws {
        try await RouteFixture.run { server in
            let facts = MediaFacts(kind: .video, mediaType: .mp4, width: 640, height: 480, durationMs: 4000)
            let (id, renditions) = try await server.ready(
                #"{"media_category":"tweet_video"}"#, facts: facts, roles: [.hlsMaster, .hlsStream, .mp4],
                content: content)
            _ = try await server.post("look", media: [id])
            let master = try await server.send(.get, path(renditions[0]), token: .none)
            #expect(master.status == 200)
            #expect(master.headers[.contentType] == "application/x-mpegURL")
            #expect(master.headers[.cacheControl] == "no-cache")
            #expect(master.text.contains("\n\(renditions[1].id).m3u8\n"))
            let tag = try #require(master.headers[.eTag])
            #expect(try await server.send(.get, path(renditions[0]), headers: [.ifNoneMatch: tag]).status == 304)
            let media = try await server.send(.get, "/media/\(renditions[1].id).m3u8", token: .none)
            #expect(media.text.contains("#EXT-X-BYTERANGE:599900@100\n\(renditions[1].id).m4s"))
            let segment = try await server.send(
                .get, "/media/\(renditions[1].id).m4s", token: .none, headers: [.range: "bytes=0-99"])
            #expect(segment.status == 206)
            #expect(segment.headers[.contentType] == "video/mp4")
            #expect(segment.headers[.cacheControl] == "public, max-age=86400, immutable")
            #expect(try await server.send(.get, "/media/\(renditions[0].id).m4s").status == 404)
            #expect(try await server.send(.get, path(renditions[2]), token: .none).headers[.contentType] == "video/mp4")
        }
    }

    @Test("the original is for its uploader, to be saved, under its SHA-256")
    func original() async throws {
        try await RouteFixture.run { server in
            let id = try await server.ready(#"{"additional_owners":["\#(server.bob)"]}"#, content: content).id
            _ = try await server.post("look", media: [id])
            let target = "/media/originals/\(id)"
            let answer = try await server.send(.get, target, headers: [.range: "bytes=1-"])
            #expect(answer.status == 206)
            #expect(answer.body == content.getSlice(at: 1, length: 599_999))
            #expect(answer.headers[.contentType] == "image/png")
            #expect(answer.headers[.contentDisposition] == "attachment")
            #expect(answer.headers[.cacheControl] == "private, no-cache")
            let sha256 = try #require(try await server.row(id).original?.sha256)
            #expect(answer.headers[.eTag] == "\"\(sha256)\"")
            for token in [RouteFixture.Token.bob, .app, .none] {
                #expect(try await server.send(.get, target, token: token).status == 404)
            }
            #expect(try await server.send(.get, "/media/originals/x").status == 404)
        }
    }

    @Test("a read that fails on the way cuts the answer; it never ends as if it were whole")
    func cut() async throws {
        try await RouteFixture.run { server in
            let target = path(try await server.ready(content: content).renditions[0])
            server.blobs.failReads(after: 300_000)
            await #expect(throws: StoreError.self) { try await server.send(.get, target) }
        }
    }

    @Test("a blob that is not there is 503, before anything is sent")
    func missing() async throws {
        try await RouteFixture.run { server in
            let rendition = try await server.ready().renditions[0]
            try await server.blobs.delete([#require(rendition.blob)])
            let answer = try await server.send(.get, path(rendition))
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] != nil)
        }
    }
}
