import OAuth

extension AppService {
    /// The app that shows this id and this secret; nil when the secret is not the app's, or there is no such app.
    ///
    /// Every client secret is checked here and nowhere else. A public client shows none, or an empty one, and is then known
    /// by its id alone (RFC 6749 §2.3).
    package func authenticate(clientID: String, secret: String?) async throws(StoreError) -> AppRecord? {
        guard let app = try await app(clientID: clientID) else { return nil }
        guard let digest = app.secretDigest else { return (secret ?? "").isEmpty ? app : nil }
        guard let secret, Secrets.isDigest(digest, of: secret) else { return nil }
        return app
    }

    /// The app that shows this consumer key and this consumer secret, as the older of X's two ways to an app-only bearer
    /// does; nil when there is none.
    ///
    /// - Throws: ``ServiceError/storeFailed(_:)``.
    package func authenticate(consumerKey: String, secret: String) async throws(ServiceError) -> AppRecord? {
        let found: AppRecord?
        do {
            found = try await app(consumerKey: consumerKey)
        } catch {
            throw ServiceError(error)
        }
        guard let found, isEqualInConstantTime(try consumerSecret(of: found).utf8, secret.utf8) else { return nil }
        return found
    }
}
