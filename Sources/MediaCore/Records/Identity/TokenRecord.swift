package import XMedia

/// What a token is for; one of one kind is none of another.
package enum TokenKind: String, Sendable, CaseIterable {
    /// An access token, sent as `Authorization: Bearer` (RFC 6750).
    case bearer
    /// A refresh token (RFC 6749 §1.5): good for one exchange at the token endpoint.
    case refresh
    /// The access token of OAuth 1.0a (RFC 5849 §2.3), which comes with a secret.
    case oauth1
}

/// A stored token; its text is known only to the client, but for ``sealedSecret``.
package struct TokenRecord: Sendable, Equatable {
    /// Names the token in lists, so that it can be revoked without being known.
    package let id: String
    /// What it is for.
    package let kind: TokenKind
    /// SHA-256 of the token's text, 32 bytes.
    package let digest: [UInt8]
    /// Whose token it is; nil for an app-only bearer.
    package let userID: UserID?
    /// The user's name; nil for an app-only bearer.
    package let username: String?
    /// What it may do.
    ///
    /// For ``TokenKind/oauth1`` the app's permission decides, unless only rights to read stand here.
    package let scopes: Set<Scope>
    /// The app that it was given to, by client id; nil when an operator made it for no app.
    package let clientID: String?
    /// The grant that it came from, and with which it is revoked; nil when an operator made it.
    package let grantID: String?
    /// Sealed by ``SecretSealer`` for the token's id: the secret of ``TokenKind/oauth1``; the text itself of an app-only
    /// bearer that does not expire, which is shown again to whoever asks for it; nil for all others.
    package let sealedSecret: String?
    /// When it was created.
    package let createdAt: Timestamp
    /// From when on it is no longer valid; nil for never.
    package let expiresAt: Timestamp?
    /// When it was exchanged for the next one; ``TokenKind/refresh`` only.
    package let spentAt: Timestamp?
    /// When it was revoked; nil while it is valid.
    package let revokedAt: Timestamp?

    package init(
        id: String, kind: TokenKind = .bearer, digest: [UInt8], userID: UserID?, username: String?,
        scopes: Set<Scope>, clientID: String? = nil, grantID: String? = nil, sealedSecret: String? = nil,
        createdAt: Timestamp, expiresAt: Timestamp? = nil, spentAt: Timestamp? = nil, revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.kind = kind
        self.digest = digest
        self.userID = userID
        self.username = username
        self.scopes = scopes
        self.clientID = clientID
        self.grantID = grantID
        self.sealedSecret = sealedSecret
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.spentAt = spentAt
        self.revokedAt = revokedAt
    }
}
