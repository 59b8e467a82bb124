package import XMedia

/// What was done to accounts, apps, tokens and media, and by whom: entries are added, never changed or taken away.
package protocol AuditCatalog: Sendable {
    /// The entry is in the log.
    func add(_ entry: AuditEntry) async throws(StoreError)

    /// Entries about one user, newest first, at most `limit`.
    ///
    /// - Parameter olderThan: only entries with smaller ids; nil for all.
    func auditEntries(of user: UserID, olderThan: UInt64?, limit: Int) async throws(StoreError) -> [AuditEntry]

    /// Entries about whoever had this name, in any case of letters, or about everybody for nil; as above.
    func auditEntries(named username: String?, olderThan: UInt64?, limit: Int) async throws(StoreError) -> [AuditEntry]
}

/// What can stand in the log.
package enum AuditEvent: String, Sendable, CaseIterable, Codable {
    /// A user was made.
    case userAdded = "user_added"
    /// A user is gone, with all tokens.
    case userRemoved = "user_removed"
    /// A password was set.
    case passwordChanged = "password_changed"
    /// Somebody signed in with the password.
    case signedIn = "signed_in"
    /// Somebody tried a wrong password.
    case signInFailed = "sign_in_failed"
    /// A session was ended.
    case signedOut = "signed_out"
    /// The user let an app act.
    case grantGiven = "grant_given"
    /// What an app was allowed is revoked.
    case grantRevoked = "grant_revoked"
    /// A token was given out.
    case tokenCreated = "token_created"
    /// A refresh token was exchanged for the next tokens.
    case tokenRefreshed = "token_refreshed"
    /// A token is no longer valid.
    case tokenRevoked = "token_revoked"
    /// A spent code or refresh token came again, which revokes all that came of it.
    case tokenReused = "token_reused"
    /// An app was made.
    case appCreated = "app_created"
    /// An app has new secrets.
    case appRotated = "app_rotated"
    /// An app is gone, with all that it was allowed.
    case appRemoved = "app_removed"
    /// The operator erased media.
    case mediaRemoved = "media_removed"
}

/// Who did it.
package enum AuditActor: String, Sendable, Codable {
    /// The user themselves.
    case user
    /// An app, in the user's name or its own.
    case app
    /// Whoever runs the server, by the command line.
    case `operator`
    /// Nobody knows.
    case unknown
}

/// One thing that happened.
package struct AuditEntry: Sendable, Equatable {
    /// A snowflake: later entries have greater ones.
    package let id: UInt64
    /// When.
    package let at: Timestamp
    /// What.
    package let event: AuditEvent
    /// Whom it is about; nil when it is about no user.
    package let userID: UserID?
    /// The user's name at that time: a log outlives users.
    package let username: String?
    /// Who did it.
    package let actor: AuditActor
    /// The client id of the app that was concerned.
    package let app: String?
    /// The address that the request came from; nil for the command line.
    package let address: String?
    /// More, by name: never a secret.
    package let detail: [String: String]

    package init(
        id: UInt64, at: Timestamp, event: AuditEvent, userID: UserID?, username: String?, actor: AuditActor,
        app: String? = nil, address: String? = nil, detail: [String: String] = [:]
    ) {
        self.id = id
        self.at = at
        self.event = event
        self.userID = userID
        self.username = username
        self.actor = actor
        self.app = app
        self.address = address
        self.detail = detail
    }
}
