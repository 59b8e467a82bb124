import OAuth

extension AppService {
    /// The app that shows this id and this secret; nil when the secret is not the app's, or there is no such app.
    ///
    /// Every client secret is checked here and nowhere else. A public client shows none, or an empty one, and is then known
    /// by its id alone (RFC 6749 §2.3).
    ///
    /// - Parameter address: where the attempt comes from, see ``GuessLimiter``; nil when nobody knows.
    /// - Throws: ``ServiceError/tooManyGuesses(retryAfter:)``, ``ServiceError/storeFailed(_:)``.
    package func authenticate(
        clientID: String, secret: String?, from address: String? = nil
    ) async throws(ServiceError) -> AppRecord? {
        do {
            let found = try await app(clientID: clientID)
            // Who shows nothing guesses nothing.
            guard let secret, !secret.isEmpty else { return found?.secretDigest == nil ? found : nil }
            // A secret of 256 bits is not guessed, so the right one is good also while wrong ones are counted: everybody
            // knows an app's id, and nobody shall lock it out.
            if let app = found, let digest = app.secretDigest, Secrets.isDigest(digest, of: secret) { return app }
            return try await guesses.attempt(account: "client:\(clientID)", address: address ?? "unknown") { nil }
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// The app that shows this consumer key and this consumer secret, as the older of X's two ways to an app-only bearer
    /// does; nil when there is none.
    ///
    /// - Parameters:
    ///   - consumerKey: names the app.
    ///   - secret: the consumer secret.
    ///   - address: as above.
    /// - Returns: the app.
    /// - Throws: ``ServiceError/tooManyGuesses(retryAfter:)``, ``ServiceError/storeFailed(_:)``.
    package func authenticate(
        consumerKey: String, secret: String, from address: String? = nil
    ) async throws(ServiceError) -> AppRecord? {
        do {
            // What is no consumer key may be a client id, which is looked at next, and counted there.
            guard let found = try await app(consumerKey: consumerKey) else { return nil }
            if isEqualInConstantTime(try consumerSecret(of: found).utf8, secret.utf8) { return found }
            return try await guesses.attempt(account: "consumer:\(consumerKey)", address: address ?? "unknown") { nil }
        } catch {
            throw ServiceError(wrapping: error)
        }
    }
}
