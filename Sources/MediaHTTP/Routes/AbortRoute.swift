import Hummingbird
import MediaCore
import XMedia

/// `DELETE /2/media/upload/{id}`, Roost's own: gives up an upload that is not finalized.
struct AbortRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.delete("/2/media/upload/{id}") { _, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            try await services.uploads.abort(context.pathID("id"), by: user)
            return try Response.json(DataEnvelope(data: DeletedData()))
        }
    }
}
