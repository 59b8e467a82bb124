package import XMedia

/// Users who sign in, and the browsers in which they did.
package protocol AccountCatalog: Sendable {
    /// The user is in the catalog; false, and nothing happened, when the name is taken. Names are compared without case.
    func addUser(_ user: User, passwordHash: String?, at now: Timestamp) async throws(StoreError) -> Bool

    /// The user of this name, in any case of letters; nil when there is none.
    func account(named username: String) async throws(StoreError) -> AccountRecord?

    /// All users, oldest first.
    func accounts() async throws(StoreError) -> [AccountRecord]

    /// The user signs in with another password, and all sessions of the user are over, as are codes and request tokens
    /// that wait to be exchanged; false when there is no such user.
    func setPasswordHash(_ hash: String, of user: UserID) async throws(StoreError) -> Bool

    /// The user is gone, with tokens, grants, codes and sessions; media and posts stay. False when there is no such user.
    func removeUser(_ id: UserID) async throws(StoreError) -> Bool

    /// The session is in the catalog.
    ///
    /// - Throws: ``StoreError/notFound`` when its user is not there.
    func create(_ session: SessionRecord) async throws(StoreError)

    /// The session with this SHA-256, expired ones too; nil when there is none.
    func session(digest: [UInt8]) async throws(StoreError) -> SessionRecord?

    /// There is no session with this SHA-256 any more.
    func endSession(digest: [UInt8]) async throws(StoreError)
}
