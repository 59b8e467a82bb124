import Foundation
import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

@Suite("Videos that say where they were taken")
struct VideoPrivacyTests {
    /// A video that carries a place, whose word no rendition may hold.
    struct Recording: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (Location) throws -> [UInt8]
    }

    private static let movie = "-f lavfi -i testsrc2=s=64x64:r=25:d=1"
    private static let h264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p"

    static let recordings: [Recording] = [
        Recording(testDescription: "MP4 with ©xyz, loci and XMP, offered as it is") { location in
            try Bomb.movie { $0.extra = location.userData + location.quickTimeMetadata }
        },
        Recording(testDescription: "QuickTime with com.apple.quicktime.location, offered as it is") { location in
            try Tool.ffmpeg(
                "a.mov",
                "\(movie) -f lavfi -i sine=d=1 \(h264) -c:a aac -bf 0 -movflags use_metadata_tags -metadata "
                    + "com.apple.quicktime.location.ISO6709=\(location.iso6709)\(location.word) "
                    + "-metadata location=\(location.iso6709)\(location.word) "
                    + "-metadata:s:v:0 handler_name=\(location.word) -metadata:s:a:0 title=\(location.word)")
        },
        Recording(testDescription: "H.264 that says it beside each picture, offered as it is") { location in
            try Tool.ffmpeg(
                "a.mp4",
                "\(movie) \(h264) -bf 0 -bsf:v h264_metadata=sei_user_data=086f3693b7b34f2c965321492feee5b8+"
                    + location.word)
        },
        Recording(testDescription: "HEVC that is converted") { location in
            try Tool.ffmpeg(
                "a.mov",
                "\(movie) -c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 -metadata "
                    + "location=\(location.iso6709)\(location.word)")
        },
        Recording(testDescription: "WebM with tags") { location in
            try Tool.ffmpeg(
                "a.webm",
                "\(movie) -c:v libvpx -deadline realtime -metadata LOCATION=\(location.word) "
                    + "-metadata:s:v:0 RECORDING_LOCATION=\(location.word)")
        },
        Recording(testDescription: "transport stream with a service's name") { location in
            try Tool.ffmpeg("a.ts", "\(movie) \(h264) -metadata service_name=\(location.word)")
        },
    ]

    @Test("no rendition says where, neither those that are awaited nor those that follow")
    func location() async throws {
        let attacked = try Attacked()
        for (number, recording) in Self.recordings.enumerated() {
            let location = Location(number)
            let bytes = try recording.make(location)
            #expect(bytes.contains(location.word), "\(recording): the place is in the original")
            let outcome = try await attacked.api.process(bytes, "tweet_video")
            #expect(outcome.state == "succeeded", "\(recording): \(outcome)")
        }
        try await attacked.waitForBackground()
        let renditions = attacked.blobs("renditions")
        // An MP4, a poster and a stream of each, the master playlist has no bytes.
        #expect(renditions.count >= 3 * Self.recordings.count)
        for bytes in renditions {
            for number in Self.recordings.indices {
                let location = Location(number)
                #expect(!bytes.contains(location.word), "\(Self.recordings[number])")
                #expect(!bytes.contains(location.iso6709), "\(Self.recordings[number])")
            }
            for word in ["quicktime.location", "loci", "xpacket", "XMP_"] { #expect(!bytes.contains(word), "\(word)") }
        }
    }

    @Test("turned by its matrix: the pixels are turned", arguments: [(0, 1), (90, 6), (180, 3), (270, 8)])
    func matrix(_ degrees: Int, _ orientation: Int) async throws {
        let attacked = try Attacked()
        let quarters = Quarters()
        let picture = PNGFile.picture(width: quarters.width, height: quarters.height, rgb: quarters.rgb)
        let stored = try Tool.ffmpeg(
            "a.mp4", "-vf loop=30:1:0,setpts=N/25/TB -r 25 -c:v libx264 -qp 1 -pix_fmt yuv420p",
            input: ("a.png", picture))
        let turned = try Self.turned(stored, degrees)
        let outcome = try await attacked.api.process(turned, "tweet_video")
        #expect(outcome.state == "succeeded", "\(outcome)")
        let renditions = try await PolyglotTests.renditions(of: try #require(outcome.id), attacked.api)
        let (width, height) = degrees % 180 == 0 ? (64, 48) : (48, 64)
        #expect(renditions.contains { $0.type == "video/mp4" } && renditions.contains { $0.type == "image/jpeg" })
        for rendition in renditions where rendition.type != "application/x-mpegURL" {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/rendition"
            try await attacked.api.send(.GET, rendition.url).body.write(to: URL(fileURLWithPath: path))
            let pixels = try Tool.pixels(of: path)
            #expect(pixels.count == width * height * 3)
            #expect(
                Quarters.seen(in: pixels, width: width, height: height) == Quarters.upright(orientation),
                "\(rendition.type)")
        }
    }

    /// The movie with a matrix that turns it clockwise (ISO/IEC 14496-12, 6.2.2), in 16.16 fixed point.
    static func turned(_ movie: [UInt8], _ degrees: Int) throws -> [UInt8] {
        let (one, minus) = (0x10000, -0x10000)
        let numbers: [Int] =
            switch degrees {
            case 90: [0, one, minus, 0]
            case 180: [minus, 0, 0, minus]
            case 270: [0, minus, one, 0]
            default: [one, 0, 0, one]
            }
        var turned = movie
        // Behind the box's name: version and flags, five numbers, 16 bytes; then a row of the matrix takes 12.
        let matrix = try #require(movie.firstRange(of: Array("tkhd".utf8))?.upperBound) + 40
        for (index, number) in numbers.enumerated() {
            let place = matrix + [0, 4, 12, 16][index]
            turned.replaceSubrange(place..<place + 4, with: [UInt8].big32(number))
        }
        return turned
    }
}
