import Foundation
import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// A photo that says where it was taken, stored turned.
struct Photo: Sendable {
    let bytes: [UInt8]
    let type: String
    let orientation: Int
    let location: Location

    /// As many photos as asked, of four types in turn, in eight orientations.
    static func make(_ count: Int) throws -> [Photo] {
        let quarters = Quarters()
        let (width, height) = (quarters.width, quarters.height)
        let png = PNGFile.picture(width: width, height: height, rgb: quarters.rgb)
        let jpeg = try Tool.ffmpeg("a.jpg", "-q:v 1", input: ("a.png", png))
        let webp = try Tool.ffmpeg("a.webp", "-lossless 1", input: ("a.png", png))
        return (0..<count).map { number in
            let (location, orientation) = (Location(number), number / 4 % 8 + 1)
            let (exif, xmp) = (location.exif(orientation: orientation), location.xmp)
            let word = Array(location.word.utf8)
            switch number % 4 {
            case 0:
                let segments =
                    JPEGFile.segment(0xE1, Array("Exif\0\0".utf8) + exif)
                    + JPEGFile.segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp)
                    + JPEGFile.segment(0xED, Array("Photoshop 3.0\u{0}8BIM".utf8) + word)
                    + JPEGFile.segment(0xE5, word) + JPEGFile.segment(0xFE, word)
                return Photo(
                    bytes: JPEGFile.file(jpeg, with: segments) + word, type: "image/jpeg", orientation: orientation,
                    location: location)
            case 1:
                let chunks =
                    PNGFile.chunk("eXIf", exif) + PNGFile.chunk("tEXt", Array("Comment\0".utf8) + word)
                    + PNGFile.chunk("iTXt", Array("XML:com.adobe.xmp\0\0\0\0\0".utf8) + xmp)
                return Photo(
                    bytes: PNGFile.file(png, with: chunks) + word, type: "image/png", orientation: orientation,
                    location: location)
            case 2:
                let chunks = WebPFile.chunk("EXIF", exif) + WebPFile.chunk("XMP ", xmp)
                return Photo(
                    bytes: WebPFile.file(webp, width: width, height: height, flags: 0x0C, with: chunks),
                    type: "image/webp", orientation: orientation, location: location)
            default:
                let extra: [TIFFFile.Entry] = [
                    .short(274, orientation), .ascii(270, location.word), .bytes(700, xmp), .ascii(315, location.word),
                ]
                return Photo(
                    bytes: TIFFFile.picture(
                        width: width, height: height, rgb: quarters.rgb, extra, location: location.directory),
                    type: "image/tiff", orientation: orientation, location: location)
            }
        }
    }
}

@Suite("Photos that say where they were taken")
struct PhotoPrivacyTests {
    @Test("200 photos: no rendition says where, and each is upright")
    func photos() async throws {
        let attacked = try Attacked()
        let api = attacked.api
        let photos = try Photo.make(200)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, photo) in photos.enumerated() {
                if number >= 4 { try await group.next() }
                group.addTask {
                    let outcome = try await api.process(photo.bytes, "tweet_image", photo.type)
                    #expect(outcome.state == "succeeded", "\(number): \(outcome)")
                    // Each type in each orientation once; all are searched below.
                    if let id = outcome.id, number < 32 { try await Self.checkUpright(photo, id, api) }
                }
            }
            try await group.waitForAll()
        }
        let renditions = attacked.blobs("renditions")
        #expect(renditions.count >= photos.count)
        for bytes in renditions { Self.checkClean(bytes) }
    }

    /// The picture that is served, and the size that is told.
    static func checkUpright(_ photo: Photo, _ id: String, _ api: APIClient) async throws {
        let name = "\(photo.type), orientation \(photo.orientation)"
        let answer = try await api.send(.GET, "/2/media/3_\(id)?media.fields=url,width,height")
        let media = try answer.json(DataEnvelope<Media>.self).data.orThrow(answer.text)
        let lies = photo.orientation >= 5
        let (width, height) = lies ? (48, 64) : (64, 48)
        #expect(media.width == width && media.height == height, "\(name): \(answer.text)")
        let picture = try await api.send(.GET, try #require(media.url))
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/picture"
        try picture.body.write(to: URL(fileURLWithPath: path))
        let pixels = try Tool.pixels(of: path)
        #expect(pixels.count == width * height * 3, "\(name)")
        #expect(
            Quarters.seen(in: pixels, width: width, height: height) == Quarters.upright(photo.orientation), "\(name)")
    }

    /// Nothing but what a decoder needs, and none of the words.
    static func checkClean(_ bytes: [UInt8]) {
        for word in ["Roostplace", "Exif", "eXIf", "GPS", "ns.adobe.com", "xpacket", "8BIM", "Photoshop"] {
            #expect(!bytes.contains(word), "\(word)")
        }
        if let markers = JPEGFile.markers(of: bytes) {
            // JFIF, quantization, frames, codes, restarts, scan: no APP1 to APP15, no comment.
            let allowed: Set<UInt8> = [0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA]
            #expect(Set(markers).isSubset(of: allowed), "\(markers)")
        } else {
            let names = PNGFile.chunkNames(of: bytes)
            #expect(names.map { Set($0).isSubset(of: ["IHDR", "PLTE", "tRNS", "pHYs", "IDAT", "IEND"]) } == true)
        }
    }
}
