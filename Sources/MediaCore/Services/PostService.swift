import MediaRules
package import XMedia

/// Posts: what may be posted, and reading them.
package struct PostService: Sendable {
    private let catalog: any Catalog
    private let clock: any WallClock
    private let ids: SnowflakeSource
    private let settings: CoreSettings

    /// Makes the service.
    package init(catalog: any Catalog, clock: any WallClock, ids: SnowflakeSource, settings: CoreSettings) {
        self.catalog = catalog
        self.clock = clock
        self.ids = ids
        self.settings = settings
    }

    /// A new post of this author.
    ///
    /// - Parameters:
    ///   - request: the members that Roost acts on.
    ///   - body: the whole request, already checked by ``Schema/createPost``.
    /// - Throws: the `post…` cases of ``ServiceError``, ``ServiceError/storeFailed(_:)``.
    package func create(_ request: CreatePostRequest, body: JSONValue, author: UserID) async throws(ServiceError)
        -> PostRecord
    {
        guard case .done(let post) = try await make(request, body: body, author: author, once: nil) else {
            throw .storeFailed("a request without a key was answered before")
        }
        return post
    }

    /// A new post of this author, once: the same request under the same key makes no other and is answered alike.
    ///
    /// - Throws: as above, and ``ServiceError/idempotencyKeyReused``.
    package func create(
        _ request: CreatePostRequest, body: JSONValue, author: UserID, once: Once<PostRecord>
    ) async throws(ServiceError) -> OnceOutcome<PostRecord> {
        do {
            // Before anything is judged: its media may be gone since.
            if let earlier = try await catalog.earlierAnswer(to: once.key) { return .repeated(try earlier.answer()) }
        } catch {
            throw ServiceError(wrapping: error)
        }
        return try await make(request, body: body, author: author, once: once)
    }

    private func make(
        _ request: CreatePostRequest, body: JSONValue, author: UserID, once: Once<PostRecord>?
    ) async throws(ServiceError) -> OnceOutcome<PostRecord> {
        let text = request.text ?? ""
        try checkFields(of: body, text: text)
        let media = request.media?.mediaIDs ?? []
        if Set(media).count != media.count { throw .postMediaInvalid(media) }
        let now = clock.now
        let post = PostRecord(
            id: PostID(rawValue: ids.next()), authorID: author, text: text, mediaIDs: media,
            previewMediaID: request.media?.previewMediaID, request: body, createdAt: now)
        do {
            var unknown: [UserID] = []
            for tagged in request.media?.taggedUserIDs ?? [] where try await catalog.user(tagged) == nil {
                unknown.append(tagged)
            }
            if !unknown.isEmpty { throw ServiceError.postTagsInvalid(unknown) }
            try await checkDuration(of: media, author: author, at: now)
            let claim = try once?.claim(for: post, at: now)
            switch try await catalog.create(post, duplicatesSince: now - settings.duplicateWindow, claim: claim) {
            case .created: return .done(post)
            case .answeredBefore(let earlier): return .repeated(try earlier.answer())
            case .invalidMedia(let ids): throw ServiceError.postMediaInvalid(ids)
            case .invalidCombination: throw ServiceError.postMediaMixed
            case .duplicate: throw ServiceError.postDuplicate
            }
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// The posts that exist among these ids, in no order.
    ///
    /// - Throws: ``ServiceError/storeFailed(_:)``.
    package func posts(_ ids: [PostID]) async throws(ServiceError) -> [PostRecord] {
        do {
            return try await catalog.posts(ids)
        } catch {
            throw ServiceError(error)
        }
    }

    /// A page of an author's posts, newest first.
    ///
    /// - Parameters:
    ///   - newerThan: only posts with greater ids.
    ///   - olderThan: only posts with smaller ids.
    ///   - fromOldest: takes the page that is next to `newerThan` instead of the newest ones.
    ///   - limit: 5…100.
    /// - Returns: the page, and whether there are more posts beyond it in the direction of reading.
    /// - Throws: ``ServiceError/storeFailed(_:)``.
    package func timeline(
        of author: UserID, newerThan: PostID?, olderThan: PostID?, fromOldest: Bool, limit: Int
    ) async throws(ServiceError) -> (posts: [PostRecord], hasMore: Bool) {
        do {
            var posts = try await catalog.posts(
                by: author, newerThan: newerThan, olderThan: olderThan, newestFirst: !fromOldest, limit: limit + 1)
            let hasMore = posts.count > limit
            posts = Array(posts.prefix(limit)).sorted { $0.id > $1.id }
            return (posts, hasMore)
        } catch {
            throw ServiceError(error)
        }
    }

    /// The author's post is gone; its media expire again when no other post uses them.
    ///
    /// - Throws: ``ServiceError/postNotFound(_:)``, ``ServiceError/storeFailed(_:)``.
    package func delete(_ id: PostID, author: UserID) async throws(ServiceError) {
        do {
            guard try await catalog.delete(id, author: author, mediaExpiresAt: clock.now + settings.mediaLifetime)
            else { throw ServiceError.postNotFound(id) }
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    private func checkFields(of body: JSONValue, text: String) throws(ServiceError) {
        // X: "You can only provide one of poll or quote_tweet_id or direct_message_deep_link or media or card_uri."
        let exclusive = ["poll", "quote_tweet_id", "direct_message_deep_link", "media", "card_uri"]
        let given = exclusive.filter { body[$0].map { $0 != .null } ?? false }
        if given.count > 1 { throw .postFieldsExclusive }
        // A text of blanks shows nothing: it says as much as none.
        if given.isEmpty, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            throw .postTextRefused("A post needs `text` or `media`")
        }
        let verdict = PostText.validate(text)
        switch verdict.reason {
        case nil, .empty: break
        case .invalidCharacter: throw .postTextRefused("The text holds U+FFFE, U+FEFF or U+FFFF")
        case .tooLong:
            throw .postTextRefused(
                "The text has a weighted length of \(verdict.weightedLength), not 1 to \(PostText.maxWeightedLength)")
        }
    }

    /// X takes longer videos at upload than at post, and refuses the post
    /// (docs.x.com/x-api/media/quickstart/best-practices).
    private func checkDuration(of media: [MediaID], author: UserID, at now: Timestamp) async throws {
        let limit = settings.rules.postMaxVideoDurationMs
        for record in try await catalog.media(media) {
            guard let postable = PostableMedia(record, author: author, at: now), let duration = postable.durationMs
            else { continue }
            if postable.kind == .video, duration > limit {
                throw ServiceError.postVideoTooLong(limitMinutes: Int(limit / 60_000))
            }
        }
    }
}
