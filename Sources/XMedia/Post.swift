/// The members of `POST /2/tweets` that Roost acts on; the others are checked by ``Schema/createPost`` and stored.
///
/// https://docs.x.com/x-api/posts/create-post
public struct CreatePostRequest: Hashable, Sendable, Codable {
    /// The media of a post.
    public struct MediaReference: Hashable, Sendable, Codable {
        /// 1…4 ids.
        public var mediaIDs: [MediaID]
        /// 0…10 users.
        public var taggedUserIDs: [UserID]?
        /// The picture to show before a video plays.
        public var previewMediaID: MediaID?

        /// Makes the object.
        public init(mediaIDs: [MediaID], taggedUserIDs: [UserID]? = nil, previewMediaID: MediaID? = nil) {
            self.mediaIDs = mediaIDs
            self.taggedUserIDs = taggedUserIDs
            self.previewMediaID = previewMediaID
        }

        enum CodingKeys: String, CodingKey {
            case mediaIDs = "media_ids"
            case taggedUserIDs = "tagged_user_ids"
            case previewMediaID = "preview_media_id"
        }
    }

    /// The text, up to 280 weighted characters; needed unless media, a poll, a card or a quoted post is given.
    public var text: String?
    /// The media.
    public var media: MediaReference?

    /// Makes the body.
    public init(text: String? = nil, media: MediaReference? = nil) {
        self.text = text
        self.media = media
    }
}

/// The `data` of a create-post answer.
public struct CreatedPost: Hashable, Sendable, Codable {
    /// The post's id.
    public var id: PostID
    /// The text, with the link to the media appended.
    public var text: String
    /// The history under the name of the guide and of real answers.
    public var editHistoryTweetIDs: [PostID]
    /// The history under the name of OpenAPI 2.167.
    public var editHistoryPostIDs: [PostID]

    /// Makes the object.
    public init(id: PostID, text: String) {
        self.id = id
        self.text = text
        self.editHistoryTweetIDs = [id]
        self.editHistoryPostIDs = [id]
    }

    enum CodingKeys: String, CodingKey {
        case id, text
        case editHistoryTweetIDs = "edit_history_tweet_ids"
        case editHistoryPostIDs = "edit_history_post_ids"
    }
}

/// A post as the lookup and the timeline show it.
public struct Post: Hashable, Sendable, Codable {
    /// The keys of the post's media.
    public struct Attachments: Hashable, Sendable, Codable {
        /// 1…4 keys.
        public var mediaKeys: [MediaKey]

        /// Makes the object.
        public init(mediaKeys: [MediaKey]) { self.mediaKeys = mediaKeys }

        enum CodingKeys: String, CodingKey { case mediaKeys = "media_keys" }
    }

    /// The post's id.
    public var id: PostID
    /// The text, with the link to the media appended.
    public var text: String
    /// The author.
    public var authorID: UserID
    /// RFC 3339 in UTC with milliseconds.
    public var createdAt: String
    /// The history under the name of the guide and of real answers.
    public var editHistoryTweetIDs: [PostID]
    /// The history under the name of OpenAPI 2.167.
    public var editHistoryPostIDs: [PostID]
    /// The media.
    public var attachments: Attachments?

    /// Makes the object.
    public init(id: PostID, text: String, authorID: UserID, createdAt: String, mediaKeys: [MediaKey]) {
        self.id = id
        self.text = text
        self.authorID = authorID
        self.createdAt = createdAt
        self.editHistoryTweetIDs = [id]
        self.editHistoryPostIDs = [id]
        self.attachments = mediaKeys.isEmpty ? nil : Attachments(mediaKeys: mediaKeys)
    }

    enum CodingKeys: String, CodingKey {
        case id, text, attachments
        case authorID = "author_id"
        case createdAt = "created_at"
        case editHistoryTweetIDs = "edit_history_tweet_ids"
        case editHistoryPostIDs = "edit_history_post_ids"
    }
}

/// The paging of a timeline.
public struct PageMeta: Hashable, Sendable, Codable {
    /// Posts on this page.
    public var resultCount: Int
    /// The newest post of the page.
    public var newestID: PostID?
    /// The oldest post of the page.
    public var oldestID: PostID?
    /// The token of the next, older page.
    public var nextToken: String?
    /// The token of the page before, with newer posts.
    public var previousToken: String?

    /// Makes the object.
    public init(resultCount: Int) { self.resultCount = resultCount }

    enum CodingKeys: String, CodingKey {
        case resultCount = "result_count"
        case newestID = "newest_id"
        case oldestID = "oldest_id"
        case nextToken = "next_token"
        case previousToken = "previous_token"
    }
}

/// A user as `GET /2/users/me` shows it.
public struct User: Hashable, Sendable, Codable {
    /// The user's id.
    public var id: UserID
    /// The name shown.
    public var name: String
    /// The name after the `@`.
    public var username: String

    /// Makes the object.
    public init(id: UserID, name: String, username: String) {
        self.id = id
        self.name = name
        self.username = username
    }
}
