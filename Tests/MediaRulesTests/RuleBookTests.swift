import MediaRules
import Testing
import XMedia

@Suite("The rule book")
struct RuleBookTests {
    let x = RuleBook(profile: .x)
    let open = RuleBook(profile: .open)

    @Test(
        "profile x: bytes of each category (docs.x.com, introduction and best practices)",
        arguments: [
            (MediaCategory.tweetImage, Int64(5_242_880)), (.dmImage, 5_242_880), (.tweetGIF, 15_728_640),
            (.dmGIF, 15_728_640),
            (.tweetVideo, 8_589_934_592), (.amplifyVideo, 8_589_934_592), (.dmVideo, 536_870_912),
            (.subtitles, 1_048_576),
        ])
    func bytes(category: MediaCategory, limit: Int64) {
        #expect(x.limits(for: category).maxBytes == limit)
        #expect(x.judgeDeclaration(category: category, mediaType: nil, totalBytes: limit).isEmpty)
        #expect(
            x.judgeDeclaration(category: category, mediaType: nil, totalBytes: limit + 1).map(\.rule) == ["file.bytes"])
    }

    @Test(
        "a file of another type is named in words",
        arguments: [
            (SniffedType.hls, "an HLS playlist"), (.mp4, "an MP4 video"), (.pdf, "a PDF document"),
            (.zip, "a ZIP archive"), (.srt, "SubRip subtitles"), (.unknown, "of an unknown type"),
        ])
    func words(type: SniffedType, words: String) {
        #expect(
            x.judge(type: type, declared: nil, category: .tweetImage).map(\.message)
                == ["The file is \(words), which is not taken for tweet_image."])
    }

    @Test("a declared type that is not taken is named")
    func declaredWords() {
        #expect(
            x.judgeDeclaration(category: .tweetImage, mediaType: .mp4, totalBytes: nil).map(\.message)
                == ["Files of type video/mp4 are not taken for tweet_image."])
    }

    @Test("profile open allows at least what x allows", arguments: MediaCategory.allCases)
    func openIsWider(category: MediaCategory) throws {
        for key in RuleBook.keys {
            let narrow = try #require(x.value(of: key))
            let wide = try #require(open.value(of: key))
            let isLowerBound = key.contains(".min_")
            #expect(isLowerBound ? wide <= narrow : wide >= narrow, "\(key)")
        }
    }

    @Test("the segment range is 0…999 in x, 0…9999 in open, and widens for what 1000 × 8 MiB cannot hold")
    func segments() {
        #expect(x.maxSegmentBytes == 8_388_608)
        #expect(x.maxSegmentIndex(totalBytes: nil) == 999)
        #expect(x.maxSegmentIndex(totalBytes: 0) == 999)
        #expect(x.maxSegmentIndex(totalBytes: 8_388_608_000) == 999)
        #expect(x.maxSegmentIndex(totalBytes: 8_388_608_001) == 9999)
        #expect(x.maxSegmentIndex(totalBytes: 8_589_934_592) == 9999)
        #expect(open.maxSegmentIndex(totalBytes: nil) == 9999)
    }

    @Test("one request brings images, GIFs and subtitles up to their limit, videos up to 64 MiB")
    func oneShot() {
        #expect(x.oneShotMaxBytes(for: .tweetImage) == 5_242_880)
        #expect(x.oneShotMaxBytes(for: .tweetGIF) == 15_728_640)
        #expect(x.oneShotMaxBytes(for: .tweetVideo) == 67_108_864)
        #expect(x.judgeOneShot(bytes: 67_108_864, category: .tweetVideo).isEmpty)
        let broken = x.judgeOneShot(bytes: 67_108_865, category: .tweetVideo)
        #expect(broken.map(\.rule) == ["one_shot.bytes"])
        #expect(broken.first?.fix.contains("initialize") == true)
        #expect(x.judgeOneShot(bytes: 5_242_881, category: .tweetImage).first?.fix.contains("initialize") == false)
    }

    @Test("types of the wrong class are refused by name, models by every category")
    func types() {
        let broken = x.judgeDeclaration(category: .tweetVideo, mediaType: .jpeg, totalBytes: nil)
        #expect(broken.map(\.rule) == ["file.type"])
        #expect(broken.first?.allowed == "video/mp4, video/webm, video/mp2t, video/quicktime")
        #expect(x.accepts(.gif, in: .tweetImage))
        #expect(!x.accepts(.gif, in: .tweetVideo))
        for category in MediaCategory.allCases { #expect(!x.accepts(.gltfBinary, in: category)) }
        #expect(x.judgeDeclaration(category: .tweetImage, mediaType: .pjpeg, totalBytes: 1).isEmpty)
    }

    @Test("a declared type that the bytes contradict is refused, and so is what has no API name")
    func declared() {
        #expect(x.judge(type: .quickTime, declared: .mp4, category: .tweetVideo).isEmpty)
        #expect(x.judge(type: .png, declared: .jpeg, category: .tweetImage).map(\.rule) == ["file.declared_type"])
        #expect(x.judge(type: .hls, declared: .mp4, category: .tweetVideo).map(\.rule) == ["file.type"])
        #expect(x.judge(type: .hls, declared: .mp4, category: .tweetVideo).first?.found == "HLS playlist")
    }

    @Test("subtitles: type and bytes")
    func subtitles() {
        #expect(x.judge(subtitles: .srt, bytes: 1_048_576).isEmpty)
        #expect(x.judge(subtitles: .vtt, bytes: 1_048_577).map(\.rule) == ["file.bytes"])
        #expect(x.judge(subtitles: .unknown, bytes: 10).map(\.rule) == ["file.type"])
    }

    @Test("posts: 20 minutes, with X's sentence")
    func post() {
        #expect(x.judgePost(videoDurationMs: 1_200_000).isEmpty)
        #expect(
            x.judgePost(videoDurationMs: 1_200_001).first?.message
                == "This user is not allowed to post a video longer than 20 minutes.")
    }

    @Test("a damaged file says what is damaged")
    func damaged() {
        let broken = x.judge(damaged: .truncated(at: 12), type: .png)
        #expect(broken.map(\.rule) == ["file.damaged"])
        #expect(broken.first?.message == "The PNG file is damaged: an end after 12 bytes.")
    }

    @Test("a broken rule becomes an entry of errors[] with all its members")
    func problemItem() throws {
        let broken = try #require(x.judgeOneShot(bytes: 6_000_000, category: .tweetImage).first)
        let item = broken.problemItem
        #expect(item.rule == "one_shot.bytes")
        #expect(item.found == "6000000 bytes")
        #expect(item.allowed == "up to 5 MiB")
        #expect(item.message == broken.message && item.fix == broken.fix)
        #expect([broken].refuses)
    }
}

@Suite("Overriding limits")
struct RuleOverrideTests {
    @Test("every key can be read, set to another value, and changes nothing else", arguments: RuleBook.keys)
    func roundTrip(key: String) throws {
        let original = RuleBook(profile: .x)
        var book = original
        let value = try #require(book.value(of: key)) == 7 ? 8 : 7
        try book.override(key, with: "\(value)")
        #expect(book.value(of: key) == Int64(value))
        let changed = RuleBook.keys.filter { book.value(of: $0) != original.value(of: $0) }
        #expect(changed == [key])
    }

    @Test("an override is what the judge goes by")
    func judged() throws {
        var book = RuleBook(profile: .x)
        try book.override("tweet_video.max_bytes", with: "1000")
        #expect(
            book.judgeDeclaration(category: .tweetVideo, mediaType: nil, totalBytes: 1001).map(\.rule) == ["file.bytes"]
        )
        #expect(book.judgeDeclaration(category: .amplifyVideo, mediaType: nil, totalBytes: 1001).isEmpty)
    }

    @Test(
        "unknown keys and unusable values are refused and change nothing",
        arguments: [
            ("tweet_video.max_byte", "1", RuleOverrideError.unknownKey("tweet_video.max_byte")),
            ("subtitles.max_width", "1", .unknownKey("subtitles.max_width")),
            ("tweet_video.max_bytes", "8 GB", .notANumber(key: "tweet_video.max_bytes", value: "8 GB")),
            ("tweet_video.max_bytes", "", .notANumber(key: "tweet_video.max_bytes", value: "")),
            ("segment.max_index", "10000", .outOfRange(key: "segment.max_index", value: "10000", allowed: 0...9999)),
            ("dm_image.max_width", "-1", .outOfRange(key: "dm_image.max_width", value: "-1", allowed: 1...65_535)),
        ])
    func refused(key: String, value: String, error: RuleOverrideError) {
        var book = RuleBook(profile: .x)
        #expect(throws: error) { try book.override(key, with: value) }
        #expect(book == RuleBook(profile: .x))
    }
}
