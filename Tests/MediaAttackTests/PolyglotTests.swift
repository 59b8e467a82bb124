import Foundation
import HostileMedia
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// A file of a media type that is something else too.
struct Polyglot: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let category: String
    let type: String
    let bytes: @Sendable () throws -> [UInt8]

    /// What no rendition may hold.
    static let foreign = ["<script>", "alert(1)", "PK\u{3}\u{4}", "%PDF-", "<html"]
    private static let page = "<html><body><script>alert(1)</script></body></html>"
    /// An archive of one empty file: a local header and the directory's end.
    private static let zip: [UInt8] =
        Array("PK\u{3}\u{4}".utf8) + [UInt8].zeros(26) + Array("PK\u{5}\u{6}".utf8) + [UInt8].zeros(18)
    private static let pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(alert(1))>>>>endobj\n%%EOF"
    private static let still = "-f lavfi -i testsrc2=s=64x64 -frames:v 1"
    private static let movie = "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p"

    static let all: [Polyglot] = [
        Polyglot(testDescription: "JPEG and HTML", category: "tweet_image", type: "image/jpeg") {
            let comment = JPEGFile.segment(0xFE, Array(page.utf8))
            return JPEGFile.file(try Tool.ffmpeg("a.jpg", still), with: comment) + Array(page.utf8)
        },
        Polyglot(testDescription: "JPEG and PDF", category: "tweet_image", type: "image/jpeg") {
            JPEGFile.file(try Tool.ffmpeg("a.jpg", still), with: JPEGFile.segment(0xFE, Array(pdf.utf8)))
        },
        Polyglot(testDescription: "JPEG and archive", category: "tweet_image", type: "image/jpeg") {
            try Tool.ffmpeg("a.jpg", still) + zip
        },
        Polyglot(testDescription: "PNG, HTML and archive", category: "tweet_image", type: "image/png") {
            let text = PNGFile.chunk("tEXt", Array("Comment\0\(page)".utf8))
            return PNGFile.file(try Tool.ffmpeg("a.png", still), with: text) + zip
        },
        Polyglot(testDescription: "GIF and script", category: "tweet_image", type: "image/gif") {
            // The screen's size in the header begins a comment of JavaScript: GIF89a/*…*/=1;alert(1)
            var gif = GIFFile.animation(width: 0x2A2F, height: 64, frames: 1, delay: 10)
            gif.replaceSubrange(6..<8, with: [0x40, 0])
            return gif + Array("*/=1;alert(1);\(page)".utf8)
        },
        Polyglot(testDescription: "animated GIF and script", category: "tweet_gif", type: "image/gif") {
            let gif = GIFFile.animation(width: 64, height: 64, frames: 8, delay: 10)
            let comment: [UInt8] = [0x21, 0xFE, UInt8(page.utf8.count)] + Array(page.utf8) + [0]
            return gif[..<19] + comment + gif[19...] + zip
        },
        Polyglot(testDescription: "WebP and HTML", category: "tweet_image", type: "image/webp") {
            let webp = try Tool.ffmpeg("a.webp", still)
            let chunk = WebPFile.chunk("HTML", Array(page.utf8))
            return WebPFile.file(webp, width: 64, height: 64, flags: 0, with: chunk) + Array(page.utf8)
        },
        Polyglot(testDescription: "TIFF and PDF", category: "tweet_image", type: "image/tiff") {
            try Tool.ffmpeg("a.tiff", still + " -pix_fmt rgb24") + Array(pdf.utf8)
        },
        Polyglot(testDescription: "BMP and HTML", category: "tweet_image", type: "image/bmp") {
            try Tool.ffmpeg("a.bmp", still) + Array(page.utf8)
        },
        Polyglot(testDescription: "MP4 and HTML", category: "tweet_video", type: "video/mp4") {
            let free = ISOFile.box("free", Array(page.utf8))
            return try Tool.ffmpeg("a.mp4", movie) + free + ISOFile.box("uuid", .zeros(16), Array(page.utf8)) + zip
        },
        Polyglot(testDescription: "WebM and HTML", category: "tweet_video", type: "video/webm") {
            let source = "-f lavfi -i testsrc2=s=64x64:r=25:d=1 -metadata comment=<script>alert(1)</script> -c:v libvpx"
            return try Tool.ffmpeg("a.webm", source + " -deadline realtime") + Array(page.utf8)
        },
    ]
}

@Suite("Files that are two things at once")
struct PolyglotTests {
    @Test("are served as what they were taken for; no rendition holds the other thing")
    func served() async throws {
        let attacked = try Attacked()
        let api = attacked.api
        for polyglot in Polyglot.all {
            let bytes = try polyglot.bytes()
            #expect(Polyglot.foreign.contains { bytes.contains($0) })
            let outcome = try await api.process(bytes, polyglot.category, polyglot.type)
            #expect(outcome.state == "succeeded", "\(polyglot): \(outcome)")
            guard let id = outcome.id, outcome.state == "succeeded" else { continue }

            let original = try #require(try await api.status(id).original)
            let kept = try await api.send(.GET, original.url)
            #expect(kept.body == Data(bytes), "\(polyglot)")
            #expect(kept.headers["content-type"] == [polyglot.type], "\(polyglot)")
            #expect(kept.headers["content-disposition"] == ["attachment"], "\(polyglot)")
            Self.checkSafe(kept, polyglot)
            let foreigner = try await api.send(.GET, original.url, authorized: false)
            #expect(foreigner.status == 404)

            let post = try await api.json(.POST, "/2/tweets", #"{"text":"\#(id)","media":{"media_ids":["\#(id)"]}}"#)
            #expect(post.status == 201)
            for (url, type) in try await Self.renditions(of: id, api) {
                // No token, and asked for as what the attacker would like it to be.
                let shown = try await api.send(.GET, url, headers: [("Accept", "text/html")], authorized: false)
                #expect(shown.status == 200)
                #expect(shown.headers["content-type"] == [type], "\(polyglot)")
                Self.checkSafe(shown, polyglot)
            }
        }
        try await attacked.waitForBackground()
        let renditions = attacked.blobs("renditions")
        #expect(renditions.count >= Polyglot.all.count)
        for bytes in renditions {
            for word in Polyglot.foreign { #expect(!bytes.contains(word)) }
        }
    }

    /// What keeps a browser from taking a file for something else.
    static func checkSafe(_ answer: APIClient.Answer, _ polyglot: Polyglot) {
        #expect(answer.headers["x-content-type-options"] == ["nosniff"], "\(polyglot)")
        let policy = answer.headers.first(name: "content-security-policy") ?? ""
        #expect(policy.hasPrefix("sandbox") && policy.contains("default-src 'none'"), "\(polyglot)")
        #expect(!policy.contains("allow-scripts"), "\(polyglot)")
    }

    /// The addresses of a medium's renditions, and their types.
    static func renditions(of id: String, _ api: APIClient) async throws -> [(url: String, type: String)] {
        let status = try await api.status(id)
        let answer = try await api.send(
            .GET, "/2/media/\(status.mediaKey)?media.fields=url,variants,preview_image_url")
        let media = try answer.json(DataEnvelope<Media>.self).data.orThrow(answer.text)
        var found: [(String, String)] = (media.variants ?? []).map { ($0.url, $0.contentType) }
        for url in [media.url, media.previewImageURL].compactMap({ $0 }) {
            found.append((url, url.hasSuffix(".png") ? "image/png" : "image/jpeg"))
        }
        #expect(!found.isEmpty)
        return found
    }
}
