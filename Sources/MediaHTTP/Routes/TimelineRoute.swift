import Hummingbird
import MediaCore
import XMedia

/// `GET /2/users/{id}/tweets` shows an author's posts, a page at a time.
///
/// https://docs.x.com/x-api/users/get-posts
struct TimelineRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/2/users/{id}/tweets") { request, context in
            let viewer = try context.requireAny(scopes: [.tweetRead, .usersRead]).userID
            let author = try context.pathID("id", as: UserID.self)
            let query = request.queryFields
            let expansion = try PostExpansion(query)
            let limit = try query.integer("max_results", in: 5...100, default: 10)
            let place = try PageToken(query)
            guard try await services.identity.user(author) != nil else {
                return try Response.json(
                    DataEnvelope<[Post]>(data: nil, errors: [Problem.miss("user", "\(author)", parameter: "id")]))
            }
            let page = try await services.posts.timeline(
                of: author, newerThan: Self.furthest(query.id("since_id"), place?.newerThan, by: max),
                olderThan: Self.furthest(query.id("until_id"), place?.olderThan, by: min),
                fromOldest: place?.newerThan != nil, limit: limit)
            let answer = try await expansion.expand(page.posts, services: services, viewer: viewer)
            return try Response.json(
                DataEnvelope(
                    data: answer.posts.isEmpty ? nil : answer.posts, includes: answer.includes,
                    meta: Self.meta(of: page.posts, hasMore: page.hasMore, from: place)))
        }
    }

    /// The narrower of two bounds.
    private static func furthest(
        _ first: PostID?, _ second: PostID?, by narrower: (PostID, PostID) -> PostID
    ) -> PostID? {
        guard let first, let second else { return first ?? second }
        return narrower(first, second)
    }

    /// There is a page in the direction of reading if there are more posts, and behind it if the reader came from there.
    private static func meta(of posts: [PostRecord], hasMore: Bool, from place: PageToken?) -> PageMeta {
        var meta = PageMeta(resultCount: posts.count)
        guard let newest = posts.first?.id, let oldest = posts.last?.id else { return meta }
        meta.newestID = newest
        meta.oldestID = oldest
        let isReadingBack = place?.newerThan != nil
        if isReadingBack || hasMore { meta.nextToken = PageToken.olderThan(oldest).text }
        if isReadingBack ? hasMore : place != nil { meta.previousToken = PageToken.newerThan(newest).text }
        return meta
    }
}
