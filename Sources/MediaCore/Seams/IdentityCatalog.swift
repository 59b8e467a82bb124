package import XMedia

/// Users as the API shows them, and tokens.
package protocol IdentityCatalog: Sendable {
    /// The user with this name, created with the given id if there was none. Names are compared without case.
    func ensureUser(_ user: User, at now: Timestamp) async throws(StoreError) -> User

    /// The user; nil when there is none.
    func user(_ id: UserID) async throws(StoreError) -> User?

    /// Whether there is any user.
    func hasUsers() async throws(StoreError) -> Bool

    /// The token is in the catalog.
    ///
    /// - Throws: ``StoreError/notFound`` when its user, app or grant is not there.
    func create(_ token: TokenRecord) async throws(StoreError)

    /// The token of this kind with this SHA-256; nil when there is none or it was revoked. Expired and spent ones are found.
    func token(digest: [UInt8], kind: TokenKind) async throws(StoreError) -> TokenRecord?

    /// All tokens, revoked ones too, oldest first.
    func tokens() async throws(StoreError) -> [TokenRecord]

    /// The user's tokens that are good for something, oldest first: not revoked, not spent, not expired.
    func usableTokens(of user: UserID, at now: Timestamp) async throws(StoreError) -> [TokenRecord]

    /// The token is no longer valid; false when there is none with this id, or it was revoked before.
    func revokeToken(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool
}
