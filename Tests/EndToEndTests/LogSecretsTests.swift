import Foundation
import ProgramSupport
import Testing

/// Whether the check finds what it looks for, with which every run of a server ends.
@Suite("Secrets in logs")
struct LogSecretsTests {
    private static let secret = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    @Test(
        "secrets are found, other words are not",
        arguments: [
            ("token=\(secret) ", true), ("\"\(secret)\"", true), (secret, true), ("\(secret)x", false),
            ("1234567890123456789-dBjftJeZ4CVP-mB92K27uhbUJU1p1r_w more", true), ("dBjftJeZ4CVP", false),
            ("authorization: Bearer x", true), ("Authorization: Basic YTpi", true),
            (String(repeating: "0", count: 43), false), ("B4543BD4-8739-4974-9C00-B4543BD4-8739-4974-9C00", false),
            (String(repeating: "a1", count: 32), false), ("", false), ("a typed password here", true),
            ("/2/oauth2/token code=[..] 200", false),
        ] as [(String, Bool)])
    func found(text: String, isSecret: Bool) {
        LogSecrets.add("typed password")
        let log = Data("2026-11-21T19:00:00Z info Answered \(text)\n".utf8)
        #expect(LogSecrets.found(in: log).isEmpty == !isSecret)
    }
}
