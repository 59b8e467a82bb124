import MediaCore
import Testing

@Suite("Sealed secrets")
struct SecretSealerTests {
    private func sealer(_ byte: UInt8 = 1) throws -> SecretSealer {
        try #require(SecretSealer(key: Array(repeating: byte, count: SecretSealer.keySize)))
    }

    @Test("what was sealed opens again, and looks different each time")
    func opens() throws {
        let sealer = try sealer()
        let one = try sealer.seal("secret ✓", for: "a")
        #expect(try sealer.open(one, for: "a") == "secret ✓")
        #expect(try sealer.seal("secret ✓", for: "a") != one)
        #expect(!one.contains("secret"))
    }

    @Test("not with another key, for another purpose, or changed")
    func refuses() throws {
        let sealed = try sealer().seal("secret", for: "a")
        #expect(throws: SecretSealer.Unreadable.self) { try self.sealer(2).open(sealed, for: "a") }
        #expect(throws: SecretSealer.Unreadable.self) { try self.sealer().open(sealed, for: "b") }
        for index in sealed.indices {
            var changed = sealed
            changed.replaceSubrange(index...index, with: sealed[index] == "A" ? "B" : "A")
            #expect(throws: SecretSealer.Unreadable.self) { try self.sealer().open(changed, for: "a") }
        }
        for text in ["", "AAAA", "no base64!", String(sealed.dropLast(4))] {
            #expect(throws: SecretSealer.Unreadable.self) { try self.sealer().open(text, for: "a") }
        }
    }

    @Test("a key has 32 bytes", arguments: [0, 16, 31, 33])
    func keySize(count: Int) {
        #expect(SecretSealer(key: Array(repeating: 1, count: count)) == nil)
    }
}
