import Crypto
import OAuth

/// Texts that nobody can guess, and what the catalog keeps of them.
package enum Secrets {
    /// A new text of this many random bytes in base64url; 32 are as good as a key.
    package static func random(bytes count: Int = 32) -> String {
        // The system's generator, which is made for this.
        var random = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// SHA-256 of a text; a slow hash would protect what can be guessed, and these cannot.
    package static func digest(of text: String) -> [UInt8] {
        var hash = SHA256()
        var text = text
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Array(hash.finalize())
    }

    /// Whether the digest is the text's, in a time that does not tell how much of it is right.
    package static func isDigest(_ digest: [UInt8], of text: String) -> Bool {
        isEqualInConstantTime(self.digest(of: text), digest)
    }
}
