package import XMedia

/// Posts.
package protocol PostCatalog: Sendable {
    /// The post exists and its media, their subtitles and its preview no longer expire, if every medium may be posted.
    ///
    /// In one transaction: every media row is taken exclusively and checked by ``PostableMedia``; the same author's post
    /// with the same text and the same media since `duplicatesSince` refuses this one.
    ///
    /// - Parameter claim: the key under which this happens once; nil for no key.
    func create(
        _ post: PostRecord, duplicatesSince: Timestamp, claim: IdempotencyClaim?
    ) async throws(StoreError) -> CreatePostOutcome

    /// The posts that exist among these ids, in no order.
    func posts(_ ids: [PostID]) async throws(StoreError) -> [PostRecord]

    /// Posts of an author, at most `limit`, with ids strictly between the bounds, from the newest or from the oldest on.
    func posts(by author: UserID, newerThan: PostID?, olderThan: PostID?, newestFirst: Bool, limit: Int)
        async throws(StoreError) -> [PostRecord]

    /// The author's post is gone; media that no other post uses expire at `mediaExpiresAt`. False when there is none.
    func delete(_ id: PostID, author: UserID, mediaExpiresAt: Timestamp) async throws(StoreError) -> Bool
}

extension PostCatalog {
    /// The post exists, without a key.
    package func create(_ post: PostRecord, duplicatesSince: Timestamp) async throws(StoreError) -> CreatePostOutcome {
        try await create(post, duplicatesSince: duplicatesSince, claim: nil)
    }
}

/// What became of a post.
package enum CreatePostOutcome: Sendable, Equatable {
    /// It exists.
    case created
    /// These media cannot be posted: unknown, somebody else's, expired, not ready, or not for posts.
    case invalidMedia([MediaID])
    /// Ready media that do not go together.
    case invalidCombination([PostableMedia])
    /// The author posted the same a short while ago.
    case duplicate
    /// The request was made before.
    case answeredBefore(EarlierAnswer)
}

/// What of a medium decides whether it can be posted.
package struct PostableMedia: Sendable, Equatable {
    /// The medium.
    package let id: MediaID
    /// What it is shown as.
    package let kind: Media.Kind
    /// Length in milliseconds, for videos.
    package let durationMs: Int64?

    /// The medium of a row, if this author may post it now.
    ///
    /// Ready, unexpired, the author's own or shared with the author, of a category for posts, and visible.
    package init?(_ media: MediaRecord, author: UserID, at now: Timestamp) {
        guard media.state == .succeeded, !media.isExpired(at: now), media.isReadable(by: author),
            let category = media.category, !category.isDirectMessage, let facts = media.facts, let kind = facts.kind
        else { return nil }
        self.id = media.id
        self.kind = kind
        self.durationMs = facts.durationMs
    }

    /// Whether these go together in one post: up to 4 photos, or 1 GIF, or 1 video
    /// (https://docs.x.com/x-api/media/quickstart/best-practices).
    package static func goTogether(_ media: [PostableMedia]) -> Bool {
        media.count == 1 || (media.count <= 4 && media.allSatisfy { $0.kind == .photo })
    }
}
