import MediaCore
import Testing

@Suite("Passwords")
struct PasswordHasherTests {
    private let hasher = PasswordHasher(cost: .init(logN: 4, r: 8, p: 1))

    @Test("the right one and no other")
    func right() async throws {
        let hash = try await hasher.hash("correct horse")
        #expect(hash.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(!hash.contains("horse"))
        #expect(try await hasher.isPassword("correct horse", of: hash))
        for wrong in ["", "correct hors", "correct horsE", "correct horse ", String(repeating: "a", count: 2000)] {
            #expect(try await !hasher.isPassword(wrong, of: hash))
        }
        #expect(try await hasher.hash("correct horse") != hash)
    }

    @Test("RFC 7914 §12: the vector for N = 1024, r = 8, p = 16, cut to 32 bytes")
    func vector() async throws {
        // base64url of "NaCl", and of fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162.
        let hash = "$scrypt$ln=10,r=8,p=16$TmFDbA$_bq-HJ00cgB4VucZDQHp_nxq18vII3gw53N2Y0s3MWI"
        #expect(try await hasher.isPassword("password", of: hash))
        #expect(try await !hasher.isPassword("passwort", of: hash))
    }

    @Test(
        "nobody's, and what is no hash, is never right",
        arguments: [
            nil, "", "password", "$scrypt$ln=4,r=8,p=1$$", "$scrypt$ln=40,r=8,p=1$AAAA$AAAA",
            "$argon2$ln=4,r=8,p=1$AAAA$" + String(repeating: "A", count: 43),
        ])
    func never(hash: String?) async throws {
        #expect(try await !hasher.isPassword("password", of: hash))
        #expect(try await !hasher.isPassword("", of: hash))
    }

    @Test("many at once wait for their turn, too many are refused")
    func bounded() async throws {
        let hasher = PasswordHasher(cost: .init(logN: 12, r: 8, p: 1))
        let hash = try await hasher.hash("correct horse")
        let outcomes = await withTaskGroup(of: Bool?.self) { group in
            for _ in 0..<200 { group.addTask { try? await hasher.isPassword("correct horse", of: hash) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let most = PasswordHasher.mostAtOnce + PasswordHasher.mostWaiting
        #expect(outcomes.filter { $0 == true }.count >= most)
        #expect(!outcomes.contains(false))
        #expect(outcomes.contains(nil))
        #expect(try await hasher.isPassword("correct horse", of: hash))
    }
}
