/// The apps that act for users.
package protocol AppCatalog: Sendable {
    /// The app is in the catalog; false, and nothing happened, when its name is taken. Names are compared without case.
    func create(_ app: AppRecord) async throws(StoreError) -> Bool

    /// The app with this client id; nil when there is none.
    func app(clientID: String) async throws(StoreError) -> AppRecord?

    /// The app with this consumer key; nil when there is none.
    func app(consumerKey: String) async throws(StoreError) -> AppRecord?

    /// The app of this name, in any case of letters; nil when there is none.
    func app(named name: String) async throws(StoreError) -> AppRecord?

    /// All apps, oldest first.
    func apps() async throws(StoreError) -> [AppRecord]

    /// The app's secrets are these from now on, and the former ones good for nothing, as are its app-only tokens, and
    /// codes and request tokens that wait to be exchanged; false when there is no such app.
    func rotateSecrets(_ secrets: AppSecrets, of clientID: String) async throws(StoreError) -> Bool

    /// The app's own token that does not expire and can be shown again: the one that it has, or else this one, which is in
    /// the catalog then.
    ///
    /// - Throws: ``StoreError/notFound`` when its app is not there.
    func appOnlyToken(_ token: TokenRecord) async throws(StoreError) -> TokenRecord

    /// The app is gone, with all tokens, grants and codes that it had; false when there is no such app.
    func removeApp(clientID: String) async throws(StoreError) -> Bool
}

/// What of an app is replaced when a secret was lost.
package struct AppSecrets: Sendable, Equatable {
    /// As ``AppRecord/secretDigest``.
    package let secretDigest: [UInt8]?
    /// As ``AppRecord/consumerKey``.
    package let consumerKey: String
    /// As ``AppRecord/sealedConsumerSecret``.
    package let sealedConsumerSecret: String

    package init(secretDigest: [UInt8]?, consumerKey: String, sealedConsumerSecret: String) {
        self.secretDigest = secretDigest
        self.consumerKey = consumerKey
        self.sealedConsumerSecret = sealedConsumerSecret
    }
}
