import Testing
import XMedia

@testable import MediaCore

@Suite("Snowflakes")
struct SnowflakeTests {
    @Test("carry the milliseconds since 2010-11-04 and the worker, and grow also when the clock is set back")
    func form() {
        let clock = ManualClock(now: Timestamp(rawValue: 1_736_956_800_000))
        let source = SnowflakeSource(clock: clock, worker: 5)
        let first = source.next()
        #expect(Int64(first >> 22) + 1_288_834_974_657 == 1_736_956_800_000)
        #expect(first >> 12 & 0x3FF == 5)
        clock.advance(by: .seconds(-60))
        #expect(source.next() > first)
    }

    @Test("5000 within one millisecond are distinct and ordered")
    func burst() {
        let source = SnowflakeSource(clock: ManualClock(), worker: 0)
        let ids = (0..<5000).map { _ in source.next() }
        #expect(Set(ids).count == 5000)
        #expect(ids == ids.sorted())
    }
}

@Suite("Blob names")
struct BlobNameTests {
    @Test("are read back from their text")
    func roundTrip() throws {
        let namer = BlobNamer()
        for kind in BlobName.Kind.allCases {
            let name = namer.name(kind, of: MediaID(rawValue: 17))
            #expect(BlobName(name.description) == name)
            #expect(name.bootID == namer.bootID)
        }
    }

    @Test(
        "never hold anything that could leave the folder",
        arguments: [
            "", "attempts/1", "attempts/1/..", "attempts/1/a/b", "attempts/../1/a", "other/1/a", "attempts/x/a",
            "attempts/1/A", "attempts/1/a.b", "attempts/1/a\0", "/attempts/1/a", "attempts/1/", "attempts//a",
        ])
    func refused(text: String) {
        #expect(BlobName(text) == nil)
    }
}

@Suite("Times on the wire")
struct TimestampTests {
    @Test(
        "are RFC 3339 in UTC with milliseconds",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_736_956_800_123, "2025-01-15T16:00:00.123Z"),
            (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        ])
    func rfc3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(rawValue: milliseconds).rfc3339 == text)
    }
}

@Suite("HLS playlists")
struct HLSPlaylistTests {
    private func stream(_ id: UInt64, height: Int, bitRate: Int64) -> Rendition {
        Rendition(
            id: RenditionID(rawValue: id), mediaID: MediaID(rawValue: 1), role: .hlsStream, blob: nil, size: 1500,
            crc32c: 0, contentType: "video/mp4", width: height * 16 / 9, height: height, bitRate: bitRate,
            hls: HLSStream(
                codecs: "avc1.64001f,mp4a.40.2", frameRate: 29.97, initializationLength: 100,
                segments: [
                    .init(duration: 4, offset: 100, length: 1000), .init(duration: 1.5, offset: 1100, length: 400),
                ]))
    }

    @Test("the master lists each stream with the peak of its segments, highest first")
    func master() {
        let text = HLSPlaylist.master([stream(8, height: 360, bitRate: 1000), stream(9, height: 720, bitRate: 2000)])
        #expect(
            text == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-STREAM-INF:BANDWIDTH=2133,AVERAGE-BANDWIDTH=2000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970
                9.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=2133,AVERAGE-BANDWIDTH=1000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=29.970
                8.m3u8

                """)
    }

    @Test("a media playlist names byte ranges of one file")
    func media() {
        #expect(
            HLSPlaylist.media(stream(9, height: 720, bitRate: 2000)) == """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:4
                #EXT-X-MEDIA-SEQUENCE:0
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="9.m4s",BYTERANGE="100@0"
                #EXTINF:4.000,
                #EXT-X-BYTERANGE:1000@100
                9.m4s
                #EXTINF:1.500,
                #EXT-X-BYTERANGE:400@1100
                9.m4s
                #EXT-X-ENDLIST

                """)
    }
}
