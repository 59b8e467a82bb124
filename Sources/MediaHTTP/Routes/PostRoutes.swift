import Hummingbird
import MediaCore
import XMedia

/// `GET /2/tweets`, `GET /2/tweets/{id}` and `DELETE /2/tweets/{id}` show and delete posts.
///
/// https://docs.x.com/x-api/posts/get-posts-by-ids
struct PostRoutes {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/2/tweets") { request, context in
            let viewer = try context.requireAny(scopes: [.tweetRead, .usersRead]).userID
            let query = request.queryFields
            let ids = try query.requiredList("ids", matching: "^[0-9]{1,19}$") { PostID($0) }
            let page = try await PostExpansion(query).expand(
                services.posts.posts(ids), services: services, viewer: viewer)
            let found = Dictionary(uniqueKeysWithValues: page.posts.map { ($0.id, $0) })
            let misses = ids.filter { found[$0] == nil }
            return try Response.json(
                DataEnvelope(
                    data: found.isEmpty ? nil : ids.compactMap { found[$0] }, includes: page.includes,
                    errors: misses.isEmpty ? nil : misses.map { Problem.miss("tweet", "\($0)", parameter: "ids") }))
        }
        router.get("/2/tweets/{id}") { request, context in
            let viewer = try context.requireAny(scopes: [.tweetRead, .usersRead]).userID
            let id = try context.pathID("id", as: PostID.self)
            let page = try await PostExpansion(request.queryFields).expand(
                services.posts.posts([id]), services: services, viewer: viewer)
            return try Response.json(
                DataEnvelope(
                    data: page.posts.first, includes: page.includes,
                    errors: page.posts.isEmpty ? [Problem.miss("tweet", "\(id)", parameter: "id")] : nil))
        }
        router.delete("/2/tweets/{id}") { _, context in
            let user = try context.requireUser(scopes: [.tweetRead, .tweetWrite, .usersRead])
            try await services.posts.delete(context.pathID("id"), author: user)
            return try Response.json(DataEnvelope(data: DeletedData()))
        }
    }
}
