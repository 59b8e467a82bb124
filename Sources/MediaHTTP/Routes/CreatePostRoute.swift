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
            let post = try await services.posts.create(wanted, body: body, author: user)
            let text = PostPresenter(urls: services.urls).text(of: post, media: media)
            return try Response.json(DataEnvelope(data: CreatedPost(id: post.id, text: text)), status: .created)
        }
    }
}
