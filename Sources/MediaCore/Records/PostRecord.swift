package import XMedia

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
