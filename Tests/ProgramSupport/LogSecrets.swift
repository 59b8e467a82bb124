package import Foundation
import Synchronization

/// What must stand in no line that a server logs.
///
/// Tokens, codes, client secrets and cookies of Roost are 32 random bytes in base64url; those of OAuth 1.0a that are shorter
/// follow the user's id. So they are known by their looks, whoever made them; passwords are known because tests type them.
package enum LogSecrets {
    private static let typed = Mutex<Set<String>>([])

    /// From now on no server may log this.
    package static func add(_ password: String) {
        guard password.utf8.count >= 8 else { return }
        typed.withLock { _ = $0.insert(password) }
    }

    /// The secrets in a log.
    package static func found(in log: Data) -> [String] {
        var found: [String] = []
        for text in typed.withLock({ $0 }) where log.range(of: Data(text.utf8)) != nil { found.append(text) }
        for scheme in ["Bearer ", "Basic ", "oauth_signature="] where log.range(of: Data(scheme.utf8)) != nil {
            found.append(scheme)
        }
        log.withUnsafeBytes { bytes in
            var start = 0
            for index in 0...bytes.count {
                if index < bytes.count, isBase64URL(bytes[index]) { continue }
                if index - start >= 43, isSecret(bytes[start..<index]) {
                    found.append(String(decoding: bytes[start..<index], as: UTF8.self))
                }
                start = index + 1
            }
        }
        return found
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    /// 43 characters as random bytes have them, or a user's id, a hyphen and 32 such characters.
    private static func isSecret(_ run: Slice<UnsafeRawBufferPointer>) -> Bool {
        let digits = run.prefix { (0x30...0x39).contains($0) }.count
        let isOAuth1 = digits > 0 && run.count == digits + 33 && run[run.startIndex + digits] == 0x2D
        guard run.count == 43 || isOAuth1 else { return false }
        let text = run.dropFirst(isOAuth1 ? digits + 1 : 0)
        return text.contains { (0x30...0x39).contains($0) } && text.contains { (0x41...0x5A).contains($0) }
            && text.contains { (0x61...0x7A).contains($0) }
    }
}
