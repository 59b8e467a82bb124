package import XMedia

/// Users who sign in with a password, and the browsers in which they have.
package struct AccountService: Sendable {
    /// How long a browser stays signed in.
    package static let sessionLifetime = Duration.seconds(12 * 3600)

    private let catalog: any AccountCatalog
    private let passwords: PasswordHasher
    private let clock: any WallClock
    private let ids: SnowflakeSource
    private let guesses: GuessLimiter
    private let audit: AuditLog?

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - guesses: counts wrong passwords, together with what else is guessed; nil for one of its own.
    ///   - audit: gets who signs in; nil where nobody does.
    package init(
        catalog: any AccountCatalog, passwords: PasswordHasher, clock: any WallClock, ids: SnowflakeSource,
        guesses: GuessLimiter? = nil, audit: AuditLog? = nil
    ) {
        self.catalog = catalog
        self.passwords = passwords
        self.clock = clock
        self.ids = ids
        self.guesses = guesses ?? GuessLimiter(clock: clock)
        self.audit = audit
    }

    /// X: "Your username can only contain letters, numbers and underscores" and at most 15 characters.
    package static func isUsername(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F
            }
    }

    /// A new user, who can sign in when there is a password; nil when the name is taken.
    ///
    /// - Throws: ``ServiceError/passwordRefused`` for a password of a length not in ``PasswordHasher/lengths``.
    package func add(_ username: String, name: String?, password: String?) async throws(ServiceError) -> User? {
        var hash: String?
        if let password { hash = try await self.hash(password) }
        let user = User(id: UserID(rawValue: ids.next()), name: name ?? username, username: username)
        do {
            return try await catalog.addUser(user, passwordHash: hash, at: clock.now) ? user : nil
        } catch {
            throw ServiceError(error)
        }
    }

    /// The user of this name; nil when there is none.
    package func account(named username: String) async throws(StoreError) -> AccountRecord? {
        guard Self.isUsername(username) else { return nil }
        return try await catalog.account(named: username)
    }

    /// All users, oldest first.
    package func accounts() async throws(StoreError) -> [AccountRecord] { try await catalog.accounts() }

    /// The user signs in with this password from now on, everywhere anew.
    ///
    /// - Returns: false when the user is gone.
    /// - Throws: ``ServiceError/passwordRefused``.
    package func setPassword(_ password: String, of user: UserID) async throws(ServiceError) -> Bool {
        let hash = try await hash(password)
        do {
            return try await catalog.setPasswordHash(hash, of: user)
        } catch {
            throw ServiceError(error)
        }
    }

    /// The user is gone with tokens, grants and sessions, but for media and posts; false when it was not there.
    package func remove(_ user: UserID) async throws(StoreError) -> Bool { try await catalog.removeUser(user) }

    /// Who has this name and this password; nil when nobody has.
    ///
    /// Every password is checked here and nowhere else.
    ///
    /// - Parameter address: where the attempt comes from, see ``GuessLimiter``; nil when nobody knows.
    /// - Throws: ``ServiceError/tooManyGuesses(retryAfter:)``; ``ServiceError/overloaded`` when too many passwords are being
    ///   checked.
    package func signIn(
        username: String, password: String, from address: String? = nil
    ) async throws(ServiceError) -> User? {
        var account: AccountRecord?
        do {
            // Unknown names are counted like known ones: a refusal must not tell them apart.
            let user = try await guesses.attempt(account: "user:\(username)", address: address ?? "unknown") {
                account = try await self.account(named: username)
                return try await passwords.isPassword(password, of: account?.passwordHash) ? account?.user : nil
            }
            // Only what is about somebody is in the log: invented names must not fill it.
            if let account {
                try await audit?.record(
                    user == nil ? .signInFailed : .signedIn, user: account.user, actor: user == nil ? .unknown : .user,
                    address: address)
            }
            return user
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// A new session of a user; the text for the cookie is returned here and never again.
    package func beginSession(for user: User) async throws(StoreError) -> String {
        let text = Secrets.random()
        let now = clock.now
        try await catalog.create(
            SessionRecord(
                digest: Secrets.digest(of: text), user: user, createdAt: now, expiresAt: now + Self.sessionLifetime))
        return text
    }

    /// Who is signed in with this cookie; nil for nobody.
    package func user(ofSession text: String) async throws(StoreError) -> User? {
        guard text.utf8.count <= 256,
            let session = try await catalog.session(digest: Secrets.digest(of: text)), clock.now < session.expiresAt
        else { return nil }
        return session.user
    }

    /// Nobody is signed in with this cookie any more.
    package func endSession(_ text: String) async throws(StoreError) {
        if let audit, let user = try await user(ofSession: text) {
            try await audit.record(.signedOut, user: user, actor: .user)
        }
        try await catalog.endSession(digest: Secrets.digest(of: text))
    }

    private func hash(_ password: String) async throws(ServiceError) -> String {
        guard PasswordHasher.lengths.contains(password.utf8.count) else { throw .passwordRefused }
        return try await passwords.hash(password)
    }
}
