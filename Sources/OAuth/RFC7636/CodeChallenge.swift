import Crypto

/// What binds an authorization code to whoever asked for it: Proof Key for Code Exchange (RFC 7636).
package struct CodeChallenge: Sendable, Equatable {
    /// How the challenge follows from the verifier (RFC 7636 §4.2).
    package enum Method: String, Sendable, CaseIterable {
        /// BASE64URL(SHA256(verifier)).
        case s256 = "S256"
        /// The verifier itself.
        case plain
    }

    /// The method.
    package let method: Method
    /// The value of `code_challenge`.
    package let value: String

    /// Reads `code_challenge` and `code_challenge_method`.
    ///
    /// The method is compared without case, as clients of X write `s256`; when it is absent it is `plain` (§4.3). X's own
    /// example has the plain challenge `challenge`, so a plain one may be shorter than the RFC's 43 characters.
    ///
    /// - Parameters:
    ///   - value: what the client sent as `code_challenge`.
    ///   - method: what it sent as `code_challenge_method`; nil when it was absent.
    /// - Returns: nil when the method is unknown, or the value is no possible result of it.
    package init?(value: String, method: String?) {
        switch method?.lowercased() {
        case "s256":
            // 32 bytes in base64url without padding.
            guard value.utf8.count == 43, value.utf8.allSatisfy(Self.isBase64URL) else { return nil }
            self.method = .s256
        case "plain", nil:
            guard (1...128).contains(value.utf8.count), value.utf8.allSatisfy(Self.isUnreserved) else { return nil }
            self.method = .plain
        default:
            return nil
        }
        self.value = value
    }

    /// Whether this is the verifier that the challenge was made of (RFC 7636 §4.6); compared in constant time.
    package func isMet(by verifier: String) -> Bool {
        guard (1...128).contains(verifier.utf8.count) else { return false }
        switch method {
        case .plain: return isEqualInConstantTime(verifier.utf8, value.utf8)
        case .s256: return isEqualInConstantTime(Self.s256(of: verifier).utf8, value.utf8)
        }
    }

    /// BASE64URL(SHA256(ASCII(verifier))) without padding.
    package static func s256(of verifier: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8))))
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        isBase64URL(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~")
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
