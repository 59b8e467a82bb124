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
            let post = try await services.posts.create(body.decoded(), body: body, author: user)
            let media = try await services.media.lookup(post.mediaIDs, viewer: user)
            let text = PostPresenter(urls: services.urls).text(of: post, media: media)
            return try Response.json(DataEnvelope(data: CreatedPost(id: post.id, text: text)), status: .created)
        }
    }
}
