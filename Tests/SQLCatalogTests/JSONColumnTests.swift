import Foundation
import MediaCore
import Testing
import XMedia

@testable import SQLCatalog

@Suite("Columns of JSON")
struct JSONColumnTests {
    static let samples = [
        MediaFacts(kind: nil, mediaType: .srt),
        MediaFacts(kind: .photo, mediaType: .jpeg, width: 1, height: 65_535, placeholder: "a/b+c=\"\\é"),
        MediaFacts(kind: .animatedGIF, mediaType: .gif, width: 0, height: -1, durationMs: .max),
    ]

    @Test("facts are the text that JSONEncoder makes, and come back from it", arguments: samples)
    func facts(facts: MediaFacts) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(facts), as: UTF8.self)
        #expect(JSONColumn.encode(facts) == text)
        #expect(JSONColumn.encode(optional: facts as MediaFacts?) == text)
        #expect(try JSONColumn.decode(MediaFacts.self, from: text) == facts)
        guard case .object(let members)? = JSONValue(plain: text.utf8) else {
            // Escapes and the largest numbers are left to JSONDecoder.
            #expect(text.contains("\\") || facts.durationMs == .max)
            return
        }
        #expect(MediaFacts(members: members) == facts)
    }

    @Test(
        "what is no facts is refused",
        arguments: ["{}", "[]", "{\"mediaType\":\"video/none\"}", "{\"mediaType\":\"video/mp4\",\"width\":\"1\"}"])
    func noFacts(text: String) {
        #expect(throws: SQLFailure.self) { try JSONColumn.decode(MediaFacts.self, from: text) }
    }
}
