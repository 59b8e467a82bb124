import Hummingbird
import MediaCore
import XMedia

/// `POST /2/tweets` creates a post.
///
/// https://docs.x.com/x-api/posts/create-post
struct CreatePostRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.post("/2/tweets") { request, context in
            let user = try context.requireUser(scopes: [.tweetRead, .tweetWrite, .usersRead])
            let body = try await request.jsonBody(.createPost)
            let wanted: CreatePostRequest = try body.decoded()
            // Before the post is made: a failure after it would be answered by a repetition that is a duplicate.
            let media = try await services.media.lookup(wanted.media?.mediaIDs ?? [], viewer: user)
            let presenter = PostPresenter(urls: services.urls)
            let data: @Sendable (PostRecord) -> DataEnvelope<CreatedPost> = { post in
                DataEnvelope(data: CreatedPost(id: post.id, text: presenter.text(of: post, media: media)))
            }
            guard let key = try request.idempotencyKey("create_post", user: user, body: body) else {
                let post = try await services.posts.create(wanted, body: body, author: user)
                return try Response.json(data(post), status: .created)
            }
            let once = Once<PostRecord>(key: key) { try StoredAnswer(data($0), status: .created) }
            switch try await services.posts.create(wanted, body: body, author: user, once: once) {
            case .done(let post): return try Response.json(data(post), status: .created)
            case .repeated(let answer): return answer.response()
            }
        }
    }
}
