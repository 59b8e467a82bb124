package import XMedia

/// What a user allowed an app, once; all tokens that follow from it are its family and are revoked with it.
package struct GrantRecord: Sendable, Equatable {
    /// Names the grant.
    package let id: String
    /// The app.
    package let clientID: String
    /// The user.
    package let userID: UserID
    /// What was allowed.
    package let scopes: Set<Scope>
    /// When.
    package let createdAt: Timestamp
    /// When it was revoked; nil while it is valid.
    package let revokedAt: Timestamp?

    package init(
        id: String, clientID: String, userID: UserID, scopes: Set<Scope>, createdAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.clientID = clientID
        self.userID = userID
        self.scopes = scopes
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// An authorization code (RFC 6749 §4.1.2): what the user allowed, on its way through the browser.
package struct AuthorizationCodeRecord: Sendable, Equatable {
    /// SHA-256 of the code's text, 32 bytes.
    package let digest: [UInt8]
    /// The app that it was made for.
    package let clientID: String
    /// The user.
    package let userID: UserID
    /// The redirect URI of the request, as it was sent.
    package let redirectURI: String
    /// What was allowed.
    package let scopes: Set<Scope>
    /// The request's `code_challenge`.
    package let challenge: String
    /// The challenge's method, as ``CodeChallenge/Method`` names it.
    package let challengeMethod: String
    /// When it was made.
    package let createdAt: Timestamp
    /// From when on it is no longer good.
    package let expiresAt: Timestamp
    /// The grant that it was redeemed for; nil while it is not.
    package let grantID: String?

    package init(
        digest: [UInt8], clientID: String, userID: UserID, redirectURI: String, scopes: Set<Scope>, challenge: String,
        challengeMethod: String, createdAt: Timestamp, expiresAt: Timestamp, grantID: String? = nil
    ) {
        self.digest = digest
        self.clientID = clientID
        self.userID = userID
        self.redirectURI = redirectURI
        self.scopes = scopes
        self.challenge = challenge
        self.challengeMethod = challengeMethod
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.grantID = grantID
    }
}

/// Temporary credentials of OAuth 1.0a (RFC 5849 §2.1).
package struct RequestTokenRecord: Sendable, Equatable {
    /// SHA-256 of the token's text, 32 bytes.
    package let digest: [UInt8]
    /// The app, by client id.
    package let clientID: String
    /// The token's secret, sealed by ``SecretSealer`` for the lower-case hexadecimal form of the digest.
    package let sealedSecret: String
    /// `oauth_callback`: an address, or `oob` for a PIN.
    package let callback: String
    /// Who allowed it; nil until somebody did.
    package let userID: UserID?
    /// SHA-256 of `oauth_verifier`, 32 bytes; nil until somebody allowed it.
    package let verifierDigest: [UInt8]?
    /// How often a wrong verifier came.
    package let failures: Int
    /// When it was made.
    package let createdAt: Timestamp
    /// From when on it is no longer good.
    package let expiresAt: Timestamp
    /// What the app asked for (`x_auth_access_type`); nil for all that it may do.
    package let permission: AppPermission?

    package init(
        digest: [UInt8], clientID: String, sealedSecret: String, callback: String, userID: UserID? = nil,
        verifierDigest: [UInt8]? = nil, failures: Int = 0, createdAt: Timestamp, expiresAt: Timestamp,
        permission: AppPermission? = nil
    ) {
        self.permission = permission
        self.digest = digest
        self.clientID = clientID
        self.sealedSecret = sealedSecret
        self.callback = callback
        self.userID = userID
        self.verifierDigest = verifierDigest
        self.failures = failures
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
