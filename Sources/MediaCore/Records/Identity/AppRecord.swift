/// What an app may do with OAuth 1.0a, which has no scopes.
package enum AppPermission: String, Sendable, CaseIterable {
    /// It may only read.
    case read
    /// It may read and write.
    case readWrite = "read-write"

    /// The scopes that it stands for.
    package var scopes: Set<Scope> { self == .read ? Scope.reading : Scope.effective }

    /// What is left when only this much was asked for; nil for all of it.
    package func limited(to asked: AppPermission?) -> AppPermission { asked == .read ? .read : self }
}

/// A program that acts for users: a client of RFC 6749 §2 and of RFC 5849 §1.1 in one, as on X.
package struct AppRecord: Sendable, Equatable {
    /// Names the app everywhere (`client_id`).
    package let clientID: String
    /// What users read when they are asked for consent; unique without regard to case.
    package let name: String
    /// SHA-256 of `client_secret`, 32 bytes; nil for a public client, which has no secret (RFC 6749 §2.1).
    package let secretDigest: [UInt8]?
    /// Where answers to an authorization request may go.
    package let redirectURIs: [String]
    /// What it may ask users for.
    package let scopes: Set<Scope>
    /// What it may do with OAuth 1.0a.
    package let permission: AppPermission
    /// Its name in OAuth 1.0a (`oauth_consumer_key`).
    package let consumerKey: String
    /// Its secret in OAuth 1.0a, sealed by ``SecretSealer`` for the consumer key.
    package let sealedConsumerSecret: String
    /// When it was created.
    package let createdAt: Timestamp

    package init(
        clientID: String, name: String, secretDigest: [UInt8]?, redirectURIs: [String], scopes: Set<Scope>,
        permission: AppPermission, consumerKey: String, sealedConsumerSecret: String, createdAt: Timestamp
    ) {
        self.clientID = clientID
        self.name = name
        self.secretDigest = secretDigest
        self.redirectURIs = redirectURIs
        self.scopes = scopes
        self.permission = permission
        self.consumerKey = consumerKey
        self.sealedConsumerSecret = sealedConsumerSecret
        self.createdAt = createdAt
    }

    /// Whether it keeps a secret (RFC 6749 §2.1).
    package var isConfidential: Bool { secretDigest != nil }
}
