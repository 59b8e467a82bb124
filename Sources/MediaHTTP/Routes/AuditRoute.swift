import Hummingbird
package import MediaCore
import XMedia

/// `GET /roost/audit`, Roost's own: what was done to the token's user and in the user's name, newest first.
struct AuditRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/roost/audit") { request, context in
            let user = try context.requireUser(scopes: [.usersRead])
            let query = request.queryFields
            let limit = try query.integer("max_results", in: 1...100, default: 50)
            // An entry's id is a snowflake, as a post's is.
            let before = try query.id("pagination_token", as: PostID.self)
            // An app that may read who the user is need not know from where the user signs in.
            let isOwnToken = try context.requireAny(scopes: []).clientID == nil
            let entries = try await services.audit.entries(of: user, olderThan: before?.rawValue, limit: limit + 1)
            let page = entries.prefix(limit)
            var meta = PageMeta(resultCount: page.count)
            if entries.count > limit { meta.nextToken = page.last.map { "\($0.id)" } }
            return try Response.json(
                DataEnvelope(data: page.map { AuditData($0, showsAddress: isOwnToken) }, meta: meta))
        }
    }
}

/// An entry as the route and the command line show it.
package struct AuditData: Sendable, Codable, Equatable {
    /// The entry's id.
    package let id: String
    /// When, as RFC 3339 has it.
    package let at: String
    /// What.
    package let event: AuditEvent
    /// Who did it.
    package let actor: AuditActor
    /// The user's name at that time.
    package let username: String?
    /// The client id of the app that was concerned.
    package let app: String?
    /// Where the request came from.
    package let address: String?
    /// More, by name.
    package let detail: [String: String]?

    package init(_ entry: AuditEntry, showsAddress: Bool = true) {
        id = "\(entry.id)"
        at = entry.at.rfc3339
        event = entry.event
        actor = entry.actor
        username = entry.username
        app = entry.app
        address = showsAddress ? entry.address : nil
        detail = entry.detail.isEmpty ? nil : entry.detail
    }
}
