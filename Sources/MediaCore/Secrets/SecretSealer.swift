import Crypto
import OAuth

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Locks secrets that must be read again, because OAuth 1.0a signs with them (RFC 5849 §3.4.2): AES-256-GCM under a key
/// that is not in the catalog.
///
/// Each secret is sealed for a purpose, and opens for that one only: a row's secret copied to another row is none.
package struct SecretSealer: Sendable {
    /// A secret that is damaged, sealed with another key, or for another purpose.
    package struct Unreadable: Error, CustomStringConvertible {
        package var description: String {
            "a sealed secret cannot be opened: it is damaged, or the key file is not the one with which it was sealed"
        }
    }

    /// Bytes of a key.
    package static let keySize = 32

    private let key: SymmetricKey

    /// A sealer with the bytes of a key file; nil when they are not ``keySize``.
    package init?(key bytes: [UInt8]) {
        guard bytes.count == Self.keySize else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// The sealed form: nonce, ciphertext and tag in base64url; another one each time.
    ///
    /// - Throws: what the system's random generator throws.
    package func seal(_ secret: String, for purpose: String) throws -> String {
        let box = try AES.GCM.seal(Array(secret.utf8), using: key, authenticating: Array(purpose.utf8))
        return Base64URL.encode(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    /// The secret.
    ///
    /// - Throws: ``Unreadable``.
    package func open(_ sealed: String, for purpose: String) throws(Unreadable) -> String {
        guard let bytes = Base64URL.decode(sealed), let box = try? AES.GCM.SealedBox(combined: bytes),
            let secret = try? AES.GCM.open(box, using: key, authenticating: Array(purpose.utf8)),
            let text = String(bytes: secret, encoding: .utf8)
        else { throw Unreadable() }
        return text
    }
}
