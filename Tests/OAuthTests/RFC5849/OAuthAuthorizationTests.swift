import Testing

@testable import OAuth

@Suite("The Authorization header (RFC 5849 §3.5.1)")
struct OAuthAuthorizationTests {
    private static let signature = "027VeUFoE5N9TSWqiO727VxeLH4="
    private static let parameters: [(String, String)] = [
        ("oauth_consumer_key", "app"), ("oauth_nonce", "7"), ("oauth_signature", "027VeUFoE5N9TSWqiO727VxeLH4%3D"),
        ("oauth_signature_method", "HMAC-SHA1"), ("oauth_timestamp", "1700000000"), ("oauth_token", "t"),
        ("oauth_version", "1.0"),
    ]

    /// A header with some parameters replaced; nil takes one away.
    private static func header(_ changes: [String: String?] = [:], more: String = "") -> String {
        let fields = parameters.compactMap { name, value -> String? in
            (changes[name] ?? value).map { "\(name)=\"\($0)\"" }
        }
        return "OAuth " + fields.joined(separator: ", ") + more
    }

    private static func fault(_ header: String) -> OAuthAuthorization.Fault? {
        do throws(OAuthAuthorization.Fault) {
            _ = try OAuthAuthorization(header: header)
            return nil
        } catch {
            return error
        }
    }

    @Test("everything that a signature needs is read")
    func read() throws {
        let authorization = try OAuthAuthorization(header: Self.header(more: #", oauth_callback="oob", realm="x""#))
        #expect(authorization.consumerKey == "app")
        #expect(authorization.token == "t")
        #expect(authorization.timestamp == 1_700_000_000)
        #expect(authorization.signature.base64 == Self.signature)
        #expect(authorization["oauth_callback"] == "oob")
        #expect(authorization["oauth_signature"] == nil)
        #expect(authorization["realm"] == nil)
        #expect(authorization.signed.count == 7)
    }

    @Test(
        "forms that clients write",
        arguments: [
            "oauth" + header().dropFirst(5), "OAUTH\t" + header().dropFirst(6),
            header().replacing(", ", with: ","), header().replacing(", ", with: " ,\t "), header(more: ","),
            header(more: ", "), header(["oauth_version": nil]), header(["oauth_signature": signature]),
            header(["oauth_token": ""]), header(["oauth_signature_method": "hmac-sha1"]), header(more: ", x=\"\""),
        ])
    func taken(header: String) {
        #expect(Self.fault(header) == nil)
    }

    @Test(
        "what is no header, and why",
        arguments: [
            ("", .malformed), ("OAuth", .missing("oauth_consumer_key")), ("Bearer abc", .malformed),
            ("OAuthx a=\"b\"", .malformed), ("OAuth a", .malformed), ("OAuth a=b", .malformed),
            ("OAuth a=\"b", .malformed), ("OAuth a=\"b\" c=\"d\"", .malformed), ("OAuth =\"b\"", .malformed),
            ("OAuth a=\"%\"", .malformed), ("OAuth a=\"%f\"", .malformed), ("OAuth a=\"%ff\"", .malformed),
            ("OAuth a%=\"b\"", .malformed), ("OAuth a=\"b\"c", .malformed), ("OAuth a=\"b\"\"", .malformed),
            (header(more: ", oauth_token=\"t\""), .repeated),
            (header(more: ", oauth%5Ftoken=\"u\""), .repeated),
            (header(["oauth_consumer_key": nil]), .missing("oauth_consumer_key")),
            (header(["oauth_consumer_key": ""]), .missing("oauth_consumer_key")),
            (header(["oauth_nonce": nil]), .missing("oauth_nonce")),
            (header(["oauth_timestamp": nil]), .missing("oauth_timestamp")),
            (header(["oauth_signature": nil]), .missing("oauth_signature")),
            (header(["oauth_signature_method": nil]), .missing("oauth_signature_method")),
            (header(["oauth_signature_method": "PLAINTEXT"]), .method),
            (header(["oauth_signature_method": "HMAC-SHA256"]), .method),
            (header(["oauth_version": "1.0a"]), .version), (header(["oauth_version": "2.0"]), .version),
            (header(["oauth_timestamp": "-1"]), .timestamp), (header(["oauth_timestamp": "0"]), .timestamp),
            (header(["oauth_timestamp": "1e9"]), .timestamp), (header(["oauth_timestamp": "%2B17"]), .timestamp),
            (header(["oauth_timestamp": "9999999999999"]), .timestamp),
            (header(["oauth_signature": "abc"]), .signature),
            (header(["oauth_signature": String(repeating: "A", count: 28)]), .signature),
            (header(["oauth_signature": "secret%26secret"]), .signature),
            (header(more: String(repeating: " ", count: 4096)), .tooLarge),
            (header(more: (0..<30).map { ", a\($0)=\"\"" }.joined()), .tooLarge),
        ] as [(String, OAuthAuthorization.Fault)])
    func refused(header: String, fault: OAuthAuthorization.Fault) {
        #expect(Self.fault(header) == fault)
    }

    @Test("no header does harm: every prefix and every changed byte is read or refused")
    func hostile() {
        let bytes = Array(Self.header().utf8)
        for length in bytes.indices { _ = Self.fault(String(decoding: bytes[..<length], as: UTF8.self)) }
        var taken = 0
        for index in bytes.indices {
            for byte in [0, 0x20, 0x22, 0x25, 0x2C, 0x3D, 0x7F, 0xC3, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                if Self.fault(String(decoding: changed, as: UTF8.self)) == nil { taken += 1 }
            }
        }
        // Changed nonces and keys are headers, most other changes are none.
        #expect(taken > 0 && taken < bytes.count * 5)
    }

    @Test("the scheme is told from others")
    func scheme() {
        for header in ["OAuth a", "oauth", "OAUTH\tb"] { #expect(OAuthAuthorization.isScheme(of: header)) }
        for header in ["", "OAut", "OAuth2 a", "Bearer OAuth", "Bearer"] {
            #expect(!OAuthAuthorization.isScheme(of: header), "\(header)")
        }
    }
}
