import Testing

@testable import OAuth

@Suite("PKCE (RFC 7636)")
struct CodeChallengeTests {
    @Test("the RFC's own example (appendix B)")
    func appendixB() throws {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(CodeChallenge.s256(of: verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        let challenge = try #require(
            CodeChallenge(value: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", method: "S256"))
        #expect(challenge.isMet(by: verifier))
        #expect(!challenge.isMet(by: verifier + "a"))
        #expect(!challenge.isMet(by: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"))
        #expect(!challenge.isMet(by: ""))
    }

    @Test("methods in any case of letters, as clients write them; none is plain", arguments: ["s256", "S256"])
    func s256(method: String) {
        let value = CodeChallenge.s256(of: "verifier")
        #expect(CodeChallenge(value: value, method: method)?.method == .s256)
    }

    @Test("plain compares the verifier itself", arguments: ["plain", "PLAIN", nil])
    func plain(method: String?) throws {
        let challenge = try #require(CodeChallenge(value: "challenge", method: method))
        #expect(challenge.method == .plain)
        #expect(challenge.isMet(by: "challenge"))
        #expect(!challenge.isMet(by: "challeng"))
        #expect(!challenge.isMet(by: "challengE"))
        #expect(!challenge.isMet(by: CodeChallenge.s256(of: "challenge")))
    }

    @Test(
        "what no verifier can have made is refused",
        arguments: [
            ("", "plain"), (String(repeating: "a", count: 129), "plain"), ("a b", "plain"), ("a\"b", "plain"),
            ("short", "S256"), (String(repeating: "a", count: 42) + "=", "S256"),
            (String(repeating: "a", count: 44), "S256"), (String(repeating: "a", count: 42) + ".", "S256"),
            ("challenge", "S512"), ("challenge", ""),
        ])
    func refused(value: String, method: String) {
        #expect(CodeChallenge(value: value, method: method) == nil)
    }
}

@Suite("base64url (RFC 4648 §5)")
struct Base64URLTests {
    @Test(
        "the RFC's examples without padding", arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foobar", "Zm9vYmFy")])
    func examples(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test("every byte comes back")
    func all() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test("a text has one form only", arguments: ["Z", "Zg==", "Zh", "Zm9", "+/8", "Zm 8", "Zmä"])
    func refused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}

@Suite("Comparison in constant time")
struct ConstantTimeTests {
    @Test("says what == says")
    func same() {
        for (left, right) in [
            ("", ""), ("a", ""), ("", "a"), ("abc", "abc"), ("abc", "abd"), ("bbc", "abc"), ("ab", "abc"),
        ] {
            #expect(isEqualInConstantTime(left.utf8, right.utf8) == (left == right))
        }
    }
}
