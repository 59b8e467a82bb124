import Hummingbird
import MediaCore
import MediaRules
import XMedia

/// `POST /1.1/statuses/update.json` creates a post.
///
/// https://developer.x.com/en/docs/x-api/v1/tweets/post-and-engage/api-reference/post-statuses-update
struct V11StatusRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to group: RouterGroup<RoostContext>) {
        group.post("/statuses/update.json") { request, context in
            let user = try context.requireUser(scopes: [.tweetRead, .tweetWrite, .usersRead])
            var fields = request.queryFields
            switch request.bodyType {
            case .form: fields = FormFields(fields.fields + (try await request.formBody()).fields)
            case .absent: try await request.emptyBody()
            case .json, .multipart, .other: throw HTTPProblem.wrongContentType
            }
            let body = try Self.post(of: fields)
            return try await create(body, by: user)
        }
    }

    private func create(_ body: JSONValue, by author: UserID) async throws -> Response {
        let wanted: CreatePostRequest = try body.decoded()
        guard let user = try await services.identity.user(author) else {
            throw HTTPProblem.unauthorized(tokenGiven: true)
        }
        // Before the post is made: a failure after it would be answered by a repetition that is a duplicate.
        let media = try await services.media.lookup(wanted.media?.mediaIDs ?? [], viewer: author)
        let post = try await services.posts.create(wanted, body: body, author: author)
        let presenter = MediaPresenter(urls: services.urls)
        return try .json(
            V11Status(
                id: post.id, text: PostPresenter(urls: services.urls).text(of: post, media: media),
                createdAt: post.createdAt.v11Date, user: user,
                media: post.mediaIDs.compactMap { id in
                    media[id].flatMap { presenter.media($0, fields: [.type, .url, .previewImageURL], viewer: author) }
                        .map { V11Status.Media($0, id: id) }
                }))
    }

    /// The post as v2 would be asked for it; parameters that v2 has no counterpart for have no effect.
    static func post(of fields: FormFields) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        let text = fields["status"] ?? ""
        if !text.isEmpty { members["text"] = .string(text) }
        let ids = fields.list("media_ids")
        guard ids.allSatisfy({ MediaID($0) != nil }), ids.count <= 4 else { throw V11Error.invalid("media_ids") }
        if !ids.isEmpty { members["media"] = .object(["media_ids": .array(ids.map(JSONValue.string))]) }
        if members.isEmpty { throw V11Error(.forbidden, .textMissing, "Missing required parameter: status.") }
        guard PostText.validate(text).reason != .tooLong else {
            throw V11Error(.forbidden, .textTooLong, "Tweet needs to be a bit shorter.")
        }
        if let parent = fields["in_reply_to_status_id"] {
            var reply: [String: JSONValue] = ["in_reply_to_tweet_id": .string(parent)]
            if fields["auto_populate_reply_metadata"] == "true" { reply["auto_populate_reply_metadata"] = .bool(true) }
            let excluded = fields.list("exclude_reply_user_ids")
            if !excluded.isEmpty { reply["exclude_reply_user_ids"] = .array(excluded.map(JSONValue.string)) }
            members["reply"] = .object(reply)
        }
        if let place = fields["place_id"] { members["geo"] = .object(["place_id": .string(place)]) }
        if let card = fields["card_uri"] { members["card_uri"] = .string(card) }
        let body = JSONValue.object(members)
        try Schema.createPost.check(body)
        return body
    }
}
