package import XMedia

/// A user as the catalog keeps it.
package struct AccountRecord: Sendable, Equatable {
    /// What everybody may see.
    package let user: User
    /// What ``PasswordHasher`` made of the password; nil for a user who cannot sign in.
    package let passwordHash: String?
    /// When it was created.
    package let createdAt: Timestamp

    package init(user: User, passwordHash: String?, createdAt: Timestamp) {
        self.user = user
        self.passwordHash = passwordHash
        self.createdAt = createdAt
    }
}

/// A browser in which a user has signed in.
package struct SessionRecord: Sendable, Equatable {
    /// SHA-256 of the cookie's text, 32 bytes.
    package let digest: [UInt8]
    /// Who signed in.
    package let user: User
    /// When.
    package let createdAt: Timestamp
    /// From when on the user must sign in again.
    package let expiresAt: Timestamp

    package init(digest: [UInt8], user: User, createdAt: Timestamp, expiresAt: Timestamp) {
        self.digest = digest
        self.user = user
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
