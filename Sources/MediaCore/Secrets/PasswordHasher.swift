import Crypto
import CryptoExtras
import NIOPosix
import OAuth

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Makes and checks what the catalog keeps of passwords: scrypt (RFC 7914), in the form
/// `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`.
///
/// A hash takes some 0.2 s and 16 MiB on purpose. It runs on a thread of its own, so that no event loop waits; at most
/// ``mostAtOnce`` run, and ``mostWaiting`` wait.
package final class PasswordHasher: Sendable {
    /// What one hash costs.
    package struct Cost: Sendable, Equatable {
        /// The base-2 logarithm of scrypt's N.
        package let logN: Int
        /// scrypt's r: blocks of 128 · r bytes.
        package let r: Int
        /// scrypt's p: how often, one after the other.
        package let p: Int

        package init(logN: Int, r: Int, p: Int) {
            self.logN = logN
            self.r = r
            self.p = p
        }

        /// One of the equal choices of OWASP's Password Storage Cheat Sheet (read 2026-11-21), that with 16 MiB.
        package static let standard = Cost(logN: 14, r: 8, p: 5)
    }

    /// The least and the most bytes of a password; NIST SP 800-63B asks for at least 8.
    package static let lengths = 8...1024
    /// How many hashes are made at the same time.
    package static let mostAtOnce = 2
    /// How many more may wait for their turn.
    package static let mostWaiting = 64

    private let cost: Cost
    private let turns = Turns(atOnce: mostAtOnce, waiting: mostWaiting)

    /// A hasher for new passwords at this cost; old ones are checked at the cost at which they were made.
    package init(cost: Cost = .standard) { self.cost = cost }

    /// What to keep of a password.
    ///
    /// - Throws: ``ServiceError/overloaded`` when too many wait.
    package func hash(_ password: String) async throws(ServiceError) -> String {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        let key = try await derive(password, salt: salt, cost: cost)
        let parameters = "ln=\(cost.logN),r=\(cost.r),p=\(cost.p)"
        return "$scrypt$\(parameters)$\(Base64URL.encode(salt))$\(Base64URL.encode(key))"
    }

    /// Whether the password is the one that was hashed.
    ///
    /// Without a hash the answer is false after the same time, so that it does not tell which users there are.
    ///
    /// - Throws: ``ServiceError/overloaded`` when too many wait.
    package func isPassword(_ password: String, of hash: String?) async throws(ServiceError) -> Bool {
        guard Self.lengths.upperBound >= password.utf8.count else { return false }
        guard let hash, let known = StoredHash(hash) else {
            _ = try await derive(password, salt: Array(repeating: 0, count: 16), cost: cost)
            return false
        }
        let key = try await derive(password, salt: known.salt, cost: known.cost)
        return isEqualInConstantTime(key, known.key)
    }

    private func derive(_ password: String, salt: [UInt8], cost: Cost) async throws(ServiceError) -> [UInt8] {
        guard await turns.take() else { throw .overloaded }
        defer { turns.giveBack() }
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                let key = try KDF.Scrypt.deriveKey(
                    from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: 1 << cost.logN,
                    blockSize: cost.r, parallelism: cost.p)
                return key.withUnsafeBytes { Array($0) }
            }
        } catch {
            throw .storeFailed("scrypt: \(error)")
        }
    }
}

/// The parts of what ``PasswordHasher`` made.
private struct StoredHash {
    let cost: PasswordHasher.Cost
    let salt: [UInt8]
    let key: [UInt8]

    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let salt = Base64URL.decode(parts[3]), let key = Base64URL.decode(parts[4]), key.count == 32
        else { return nil }
        var numbers: [Substring: Int] = [:]
        for parameter in parts[2].split(separator: ",") {
            let pair = parameter.split(separator: "=")
            guard pair.count == 2, let number = Int(pair[1]) else { return nil }
            numbers[pair[0]] = number
        }
        // Bounds, so that a row cannot take all memory: 64 MiB.
        guard let logN = numbers["ln"], let r = numbers["r"], let p = numbers["p"], (1...16).contains(logN),
            (1...8).contains(r), (1...16).contains(p)
        else { return nil }
        cost = PasswordHasher.Cost(logN: logN, r: r, p: p)
        self.salt = salt
        self.key = key
    }
}
