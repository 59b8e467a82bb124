package import XMedia

/// What users allowed apps, and the codes and tokens through which apps get at it.
package protocol GrantCatalog: Sendable {
    /// The code is in the catalog.
    ///
    /// - Throws: ``StoreError/notFound`` when its user or app is not there.
    func create(_ code: AuthorizationCodeRecord) async throws(StoreError)

    /// The code with this SHA-256, expired and redeemed ones too; nil when there is none.
    func authorizationCode(digest: [UInt8]) async throws(StoreError) -> AuthorizationCodeRecord?

    /// The code was redeemed for the grant and its tokens, once: of several calls one is ``RedeemOutcome/redeemed``, and
    /// each later one revokes what that one made (RFC 6749 §4.1.2).
    func redeem(
        code digest: [UInt8], for grant: GrantRecord, tokens: [TokenRecord], at now: Timestamp
    ) async throws(StoreError) -> RedeemOutcome

    /// The refresh token was exchanged for the tokens of the same grant, once: of several calls one is
    /// ``RefreshOutcome/refreshed``, and each later one revokes the grant (RFC 9700 §4.14.2).
    func refresh(
        spending digest: [UInt8], for tokens: [TokenRecord], at now: Timestamp
    ) async throws(StoreError) -> RefreshOutcome

    /// The grants of a user, revoked ones too, oldest first.
    func grants(of user: UserID) async throws(StoreError) -> [GrantRecord]

    /// The grant and all its tokens are no longer valid; false when there is none with this id, or it was revoked before.
    func revokeGrant(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool

    /// The user allows the app nothing any more: grants and tokens are no longer valid, those that an operator made too,
    /// and codes and request tokens that wait to be exchanged are gone. False when there was nothing.
    ///
    /// - Parameter clientID: the app; nil for all apps.
    func revoke(app clientID: String?, user: UserID, at now: Timestamp) async throws(StoreError) -> Bool

    /// The request token is in the catalog.
    ///
    /// - Throws: ``StoreError/notFound`` when its app is not there.
    func create(_ requestToken: RequestTokenRecord) async throws(StoreError)

    /// The request token with this SHA-256, expired ones too; nil when there is none.
    func requestToken(digest: [UInt8]) async throws(StoreError) -> RequestTokenRecord?

    /// The user allowed the request token, which is exchanged with the verifier; false when it is not there, expired or
    /// was allowed before.
    func allow(
        requestToken digest: [UInt8], user: UserID, verifierDigest: [UInt8], at now: Timestamp
    ) async throws(StoreError) -> Bool

    /// There is no request token with this SHA-256 any more.
    func removeRequestToken(digest: [UInt8]) async throws(StoreError)

    /// The request token was exchanged for the grant and the token, once; it is gone afterwards. A wrong verifier is
    /// counted, and the fifth takes the request token away.
    func exchange(
        requestToken digest: [UInt8], verifierDigest: [UInt8], for grant: GrantRecord, token: TokenRecord,
        at now: Timestamp
    ) async throws(StoreError) -> ExchangeOutcome

    /// At most `limit` of each: sessions, codes, request tokens and tokens that expired before the moment are gone.
    /// Returns how many; 0 when there are no more.
    func forgetExpired(before moment: Timestamp, limit: Int) async throws(StoreError) -> Int
}

/// What became of an authorization code.
package enum RedeemOutcome: Sendable, Equatable {
    /// The grant and its tokens are in the catalog.
    case redeemed
    /// It was redeemed before; what was made of it then is revoked now.
    case reused
    /// There is no such code, or it expired.
    case unknown
}

/// What became of a refresh token.
package enum RefreshOutcome: Sendable, Equatable {
    /// The new tokens are in the catalog.
    case refreshed
    /// It was spent before; its grant is revoked now.
    case reused
    /// There is no such refresh token, or it expired or was revoked.
    case unknown
}

/// What became of a request token.
package enum ExchangeOutcome: Sendable, Equatable {
    /// The grant and the token are in the catalog.
    case exchanged
    /// The verifier is another one.
    case wrongVerifier
    /// There is no such request token, nobody allowed it, or it expired.
    case unknown
}
