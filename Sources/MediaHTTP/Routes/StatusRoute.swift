import Hummingbird
import MediaCore
import XMedia

/// `GET /2/media/upload`, with and without `command=STATUS`, says where an upload stands.
///
/// https://docs.x.com/x-api/media/get-media-upload-status
struct StatusRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/2/media/upload") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let query = request.queryFields
            if let command = query["command"], command != "STATUS" {
                throw HTTPProblem.invalidQuery("command", value: String(command.prefix(100)), "is not one of [STATUS]")
            }
            guard let id = try query.id("media_id", as: MediaID.self) else {
                throw HTTPProblem.missingQuery("media_id")
            }
            let status = try await services.uploads.status(id, by: user)
            let presenter = UploadPresenter(urls: services.urls)
            let data = presenter.status(status, viewer: user, at: services.clock.now)
            return try Response.json(DataEnvelope(data: data, errors: presenter.problems(of: status.media)))
        }
    }
}
