import Foundation
import FuzzSupport
import HTTPTypes
import RandomSupport
import Testing

@testable import MediaHTTP

/// Header values and queries of strangers: `ROOST_FUZZ_N` and `ROOST_FUZZ_SEED` as in ``MutationTests``.
@Suite("Request values", .timeLimit(.minutes(10)))
struct RequestValueTests {
    private static let digest = String(repeating: "A", count: 43) + "="

    @Test("a range lies within the file, and says what a plain reading of it says")
    func range() {
        run(
            ["bytes=0-99", "bytes=100-", "bytes=-100", "bytes=0-0,5-9", "BYTES= 1-2 ", "items=0-1"],
            ["-", "=", ",", "9", "+"]
        ) { text, random in
            let size = Int64([0, 1, 100, 1 << 40].randomElement(using: &random) ?? 0)
            switch RequestedRange(text, size: size) {
            case .whole, .unsatisfiable:
                return true
            case .part(let part):
                return part.lowerBound >= 0 && !part.isEmpty && part.upperBound <= size
                    && text.lowercased().hasPrefix("bytes=")
            }
        }
    }

    @Test("a digest is 32 bytes or a refusal, and is found wherever it stands in the list")
    func digest() {
        let seeds = ["sha-256=:\(Self.digest):", "sha-512=:AAAA:, sha-256=:\(Self.digest):", "sha-256=::", "a=1;b"]
        run(seeds, [":", "=", ",", "sha-256", " ", "A"]) { text, _ in
            guard let value = HTTPField(name: .contentDigest, value: text) as HTTPField? else { return true }
            var headers = HTTPFields()
            headers.append(value)
            guard let digests = try? ContentDigest.announced(in: headers) else { return true }
            return digests.count <= 1 && digests.allSatisfy { $0.sha256.count == 32 && $0.header == "Content-Digest" }
        }
    }

    @Test("fields of a query are decoded as Foundation decodes what is well-formed")
    func fields() {
        run(
            ["a=b&c=d", "media_id=1&command=STATUS", "a+b=%41%2b&&=", "%zz=%&%E2%82%AC=%FF"],
            ["&", "=", "%", "+", "%00", "é"]
        ) { text, _ in
            let fields = FormFields(urlencoded: text).fields
            let pairs = text.utf8.split(separator: UInt8(ascii: "&"))
            guard fields.count == pairs.count else { return false }
            return zip(fields, pairs).allSatisfy { field, pair in
                let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                let written = String(decoding: parts[0], as: UTF8.self).replacingOccurrences(of: "+", with: " ")
                // Nil for what is not well-formed, where Foundation has no opinion.
                return written.removingPercentEncoding.map { $0 == field.name } ?? true
            }
        }
    }

    @Test("a body's type is read from any content type, and a multipart one is given on unchanged")
    func bodyType() {
        run(
            ["application/json; charset=utf-8", "multipart/form-data; boundary=b", "TEXT/plain"], [";", " ", "/", "\t"]
        ) { text, _ in
            switch BodyType(contentType: text) {
            case .absent: return text.isEmpty
            case .multipart(let value): return value == text
            case .json: return text.lowercased().hasPrefix("application/json")
            case .form, .other: return true
            }
        }
    }

    private func run(
        _ seeds: [String], _ tokens: [String], holds: (String, inout SeededGenerator) -> Bool
    ) {
        var random = SeededGenerator(MutationTests.seed)
        for step in 0..<MutationTests.cases * 4 {
            var scalars = Array((seeds.randomElement(using: &random) ?? "").unicodeScalars)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let place = Int.random(in: 0...scalars.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    scalars.insert(contentsOf: (tokens.randomElement(using: &random) ?? "").unicodeScalars, at: place)
                case 1: scalars.removeSubrange(place..<min(scalars.count, place + 3))
                case 2: scalars.insert(Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &random)), at: place)
                default: scalars.insert(contentsOf: scalars.prefix(place).suffix(12), at: place)
                }
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            if !holds(text, &random) {
                Issue.record("ROOST_FUZZ_SEED=\(MutationTests.seed), step \(step): \(text.debugDescription)")
            }
        }
    }
}
