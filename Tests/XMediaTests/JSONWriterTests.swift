import Foundation
import Testing
import XMedia

@Suite("Direct JSON")
struct JSONWriterTests {
    /// What an encoder makes of the same value, with the settings of the server's answers.
    private func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func written(_ value: some JSONWritable) -> String {
        var json = JSONWriter()
        value.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func check(_ value: some JSONWritable & Encodable, _ location: SourceLocation = #_sourceLocation) throws {
        #expect(try written(value) == encoded(value), sourceLocation: location)
    }

    /// Each optional member of status alone, all and none.
    static let samples: [UploadData] = {
        let none = UploadData(id: MediaID(rawValue: .max), mediaKey: MediaKey(prefix: 13, id: MediaID(rawValue: 7)))
        let changes: [(inout UploadData) -> Void] = [
            { $0.size = 17_179_869_184 },
            { $0.expiresAfterSecs = 86_400 },
            { $0.image = .init(imageType: "image/jpeg", width: 4096, height: 1) },
            { $0.video = .init(videoType: "video/mp4") },
            { $0.processingInfo = .init(state: .uploading) },
            { $0.processingInfo = .init(state: .inProgress, checkAfterSecs: 30, progressPercent: 0) },
            {
                $0.processingInfo = .init(
                    state: .failed, progressPercent: 8,
                    error: .init(code: 1, name: "InvalidMedia", message: "A \"quote\", a \\, a / and an é\u{7}."))
            },
            { $0.shared = true },
            { $0.shared = false },
            { $0.segments = [] },
            { $0.segments = (0..<3).map { .init(index: $0, size: 4_194_304, crc32c: "0000000\($0)") } },
            { $0.original = .init(url: "https://media.example.org/2/a?b=c", size: 1, sha256: "ab") },
        ]
        var all = none
        for change in changes { change(&all) }
        return [none, all]
            + changes.map { change in
                var one = none
                change(&one)
                return one
            }
    }()

    @Test("upload answers are what an encoder writes", arguments: Self.samples)
    func uploadAnswers(_ data: UploadData) throws {
        try check(data)
        let envelope = DataEnvelope(data: data)
        let direct = try #require(envelope.directJSON)
        #expect(try String(decoding: direct, as: UTF8.self) == encoded(envelope))
    }

    @Test("the other answers too")
    func others() throws {
        try check(AppendData(expiresAt: 1_800_000_000))
        try check(MetadataData(id: MediaID(rawValue: 1), associatedMetadata: [:]))
        let text = JSONValue.object(["text": .string("a\nb")])
        try check(MetadataData(id: MediaID(rawValue: 1), associatedMetadata: ["alt_text": text, "a": .null]))
    }

    @Test("an envelope with more than data, or without data, is left to the encoder")
    func envelopes() {
        let data = Self.samples[0]
        let problem = Problem(type: "about:blank", title: "t", detail: "d")
        #expect(DataEnvelope(data: data, errors: [problem]).directJSON == nil)
        #expect(DataEnvelope(data: data, errors: []).directJSON == nil)
        #expect(DataEnvelope(data: data, includes: Includes()).directJSON == nil)
        #expect(DataEnvelope(data: data, meta: PageMeta(resultCount: 0)).directJSON == nil)
        #expect(DataEnvelope<UploadData>(data: nil).directJSON == nil)
    }

    @Test("every character of a string and of a name is escaped as an encoder does")
    func strings() throws {
        for scalar in (UInt32(0)...0x2FF).compactMap(Unicode.Scalar.init) {
            try check(JSONValue.string("a\(scalar)b\(scalar)"))
            try check(JSONValue.object(["a\(scalar)": .string("\(scalar)")]))
        }
        try check(JSONValue.string(""))
        try check(JSONValue.string("\u{2028}\u{2029}\u{FEFF}\u{FFFD}\u{1F600}👨‍👩‍👧e\u{301}"))
    }

    @Test("numbers, containers and the order of names are those of an encoder")
    func values() throws {
        let numbers = [
            0.0, -0.0, 0.1, 1, -1, 1e15, 1e16, 1e17, 123_456_789.25, 1e-7, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude, .pi,
        ]
        for number in numbers { try check(JSONValue.number(number)) }
        for integer in [Int64.min, -1, 0, 1, .max] { try check(JSONValue.integer(integer)) }
        try check(JSONValue.array([.null, .bool(true), .bool(false), .array([]), .object([:]), .array([.integer(1)])]))
        let names = ["b", "a", "B", "a10", "a2", "a_b", "aB", "z", ""]
        try check(JSONValue.object(Dictionary(uniqueKeysWithValues: names.map { ($0, .string($0)) })))
        // Names beyond ASCII are in an order of their own.
        let unusual = ["ä", "é", "e\u{301}x", "\u{1F600}", "\u{FFFD}"]
        let object = JSONValue.object(Dictionary(uniqueKeysWithValues: unusual.map { ($0, .string($0)) }))
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(written(object).utf8)) == object)
    }
}
