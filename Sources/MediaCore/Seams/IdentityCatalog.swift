package import XMedia

/// Users and their tokens.
package protocol IdentityCatalog: Sendable {
    /// The user with this name, created with the given id if there was none. Names are compared without case.
    func ensureUser(_ user: User, at now: Timestamp) async throws(StoreError) -> User

    /// The user; nil when there is none.
    func user(_ id: UserID) async throws(StoreError) -> User?

    /// Whether there is any user.
    func hasUsers() async throws(StoreError) -> Bool

    /// The token is in the catalog.
    func create(_ token: TokenRecord) async throws(StoreError)

    /// The token with this SHA-256; nil when there is none or it was revoked.
    func token(digest: [UInt8]) async throws(StoreError) -> TokenRecord?

    /// All tokens, revoked ones too, oldest first.
    func tokens() async throws(StoreError) -> [TokenRecord]

    /// The token is no longer valid; false when there is none with this id, or it was revoked before.
    func revokeToken(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool
}
