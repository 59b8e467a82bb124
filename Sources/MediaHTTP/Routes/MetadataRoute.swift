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
            let body: MetadataRequest = try await request.jsonBody(.createMetadata).decoded()
            // The schema takes `null` as absent, so a member that is null changes nothing.
            let members = (body.metadata ?? [:]).filter { $0.value != .null }
            let stored = try await services.media.setMetadata(members, of: body.id, by: user)
            return try Response.json(DataEnvelope(data: MetadataData(id: body.id, associatedMetadata: stored)))
        }
    }
}
