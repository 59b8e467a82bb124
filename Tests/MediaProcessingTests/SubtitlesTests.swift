import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaProcessing

@Suite("Subtitles")
struct SubtitlesTests {
    static let srt = "1\n00:00:00,000 --> 00:00:01,000\nGrüße\n\n"
    static let vtt = "WEBVTT\n\n00:00.000 --> 00:01.000\nGrüße\n"

    @Test("are accepted as they are", arguments: [(srt, MediaType.srt), (vtt, .vtt)])
    func accept(_ text: String, _ type: MediaType) async throws {
        let workshop = try await Workshop()
        let media = try await workshop.judge(try workshop.write("a.txt", text.utf8), .subtitles, declared: type)
        #expect(media.facts == MediaFacts(kind: nil, mediaType: type))
        #expect(media.renditions.isEmpty && !media.hasBackgroundWork)
    }

    @Test("in another encoding, or of another type: refused")
    func refuse() async throws {
        let workshop = try await Workshop()
        let latin = try workshop.write("latin.srt", Self.srt.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        let encoding = await #expect(throws: ProcessingError.self) { try await workshop.judge(latin, .subtitles) }
        #expect(encoding?.rules == ["subtitles.encoding"] || encoding?.rules == ["file.type"])
        let swapped = try workshop.write("a.srt", Self.vtt.utf8)
        let type = await #expect(throws: ProcessingError.self) {
            try await workshop.judge(swapped, .subtitles, declared: .srt)
        }
        #expect(type?.rules == ["file.declared_type"])
    }
}
