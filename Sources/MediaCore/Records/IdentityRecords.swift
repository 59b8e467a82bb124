package import XMedia

/// A right that a token carries.
///
/// The names of https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code that Roost's routes ask for.
package enum Scope: String, Sendable, CaseIterable {
    case mediaWrite = "media.write"
    case tweetRead = "tweet.read"
    case tweetWrite = "tweet.write"
    case usersRead = "users.read"
}

/// A stored token; its text is known only to the client.
package struct TokenRecord: Sendable, Equatable {
    /// Names the token in lists, so that it can be revoked without being known.
    package let id: String
    /// SHA-256 of the token's text, 32 bytes.
    package let digest: [UInt8]
    /// Whose token it is; nil for an app-only bearer.
    package let userID: UserID?
    /// The user's name; nil for an app-only bearer.
    package let username: String?
    /// What it may do.
    package let scopes: Set<Scope>
    /// When it was created.
    package let createdAt: Timestamp
    /// When it was revoked; nil while it is valid.
    package let revokedAt: Timestamp?

    package init(
        id: String, digest: [UInt8], userID: UserID?, username: String?, scopes: Set<Scope>, createdAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.digest = digest
        self.userID = userID
        self.username = username
        self.scopes = scopes
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// A post as the catalog keeps it.
package struct PostRecord: Sendable, Equatable {
    /// The id.
    package let id: PostID
    /// The author.
    package let authorID: UserID
    /// The text as it was sent.
    package let text: String
    /// The media in order.
    package let mediaIDs: [MediaID]
    /// The preview picture of a video.
    package let previewMediaID: MediaID?
    /// The whole request, as it was accepted, in JSON.
    package let request: JSONValue
    /// When it was created.
    package let createdAt: Timestamp

    package init(
        id: PostID, authorID: UserID, text: String, mediaIDs: [MediaID], previewMediaID: MediaID?, request: JSONValue,
        createdAt: Timestamp
    ) {
        self.id = id
        self.authorID = authorID
        self.text = text
        self.mediaIDs = mediaIDs
        self.previewMediaID = previewMediaID
        self.request = request
        self.createdAt = createdAt
    }
}
