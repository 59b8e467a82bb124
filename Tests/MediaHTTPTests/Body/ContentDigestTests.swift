import HTTPTypes
import Testing

@testable import MediaHTTP

@Suite("Content-Digest and Repr-Digest (RFC 9530)")
struct ContentDigestTests {
    /// RFC 9530 appendix D: the digest of {"hello": "world"} and a line feed.
    private static let example = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"

    private func announced(_ value: String) throws -> [ContentDigest] {
        try ContentDigest.announced(in: [.contentDigest: value])
    }

    @Test(
        "the sha-256 is found among other algorithms",
        arguments: [example, "sha-512=:AAAA:,\t\(example) ", "sha-256=:AAAA:, \(example)"])
    func found(value: String) throws {
        let digests = try announced(value)
        #expect(digests.map(\.header) == ["Content-Digest"])
        #expect(digests.first?.sha256.prefix(4) == [0x44, 0xAF, 0xF4, 0xAB])
        #expect(digests.first?.sha256.count == 32)
    }

    @Test("other algorithms alone announce nothing")
    func others() throws {
        #expect(try announced("sha-512=:AAAA:").isEmpty)
        #expect(try announced("sha-512=1, other=(a b)").isEmpty)
        #expect(try ContentDigest.announced(in: [:]).isEmpty)
    }

    @Test("both headers count")
    func both() throws {
        let digests = try ContentDigest.announced(in: [.contentDigest: Self.example, .reprDigest: Self.example])
        #expect(digests.map(\.header) == ["Content-Digest", "Repr-Digest"])
    }

    @Test(
        "what is no dictionary of byte sequences is refused",
        arguments: [
            "", "sha-256", "sha-256=", "sha-256=:", "sha-256=::", "sha-256=:AAAA:", "sha-256=:****:", "=:AAAA:",
            "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=", "\(example),",
        ])
    func malformed(value: String) {
        #expect(throws: HTTPProblem.self) { try announced(value) }
    }
}
