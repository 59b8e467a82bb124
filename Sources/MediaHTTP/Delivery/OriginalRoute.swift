import HTTPTypes
import Hummingbird
import MediaCore
import XMedia

/// `GET /media/originals/{media id}`: the file as it was uploaded, for its uploader only.
struct OriginalRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/media/originals/{id}") { request, context in
            guard let id = MediaID(context.parameters.get("id") ?? ""), let viewer = context.mediaViewer,
                let found = try await services.media.original(id, viewer: viewer)
            else { throw HTTPProblem.noRoute(request.uri.path) }
            var served = Served(
                .blob(found.original.blob, size: found.size), tag: EntityTag(of: found.original),
                contentType: found.mediaType?.rawValue ?? "application/octet-stream", isPublic: false,
                isImmutable: true)
            // Nobody has looked into it as into a rendition: it is for saving, not for showing.
            served.headers[.contentDisposition] = "attachment"
            return try await served.response(to: request, from: services.blobs, logger: context.logger)
        }
    }
}
