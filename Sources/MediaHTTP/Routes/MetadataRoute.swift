import Hummingbird
import MediaCore
import XMedia

/// `POST /2/media/metadata` sets members of a medium's metadata.
///
/// https://docs.x.com/x-api/media/create-media-metadata
struct MetadataRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.post("/2/media/metadata") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let body = try await request.jsonBody(.createMetadata)
            // The schema has made sure of both shapes.
            guard let id = body["id"]?.stringValue.flatMap({ MediaID($0) }) else { throw HTTPProblem.bodyIsNoObject }
            var members: MediaMetadata = [:]
            if case .object(let given)? = body["metadata"] { members = given }
            // The schema takes `null` as absent, so a member that is null changes nothing.
            members = members.filter { $0.value != .null }
            let stored = try await services.media.setMetadata(members, of: id, by: user)
            return try Response.json(DataEnvelope(data: MetadataData(id: id, associatedMetadata: stored)))
        }
    }
}
