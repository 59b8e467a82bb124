import Hummingbird
import MediaCore
import XMedia

/// `POST /2/media/upload/initialize` begins an upload.
///
/// https://docs.x.com/x-api/media/initialize-media-upload
struct InitializeRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.post("/2/media/upload/initialize") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            return try await respond(to: request.jsonBody(.initialize), user: user)
        }
    }

    /// The answer for members that ``Schema/initialize`` has checked.
    func respond(to members: JSONValue, user: UserID) async throws -> Response {
        let upload = try await services.uploads.initialize(members.decoded(), owner: user)
        let data = UploadPresenter(urls: services.urls).initialized(upload, at: services.clock.now)
        return try .json(DataEnvelope(data: data))
    }
}
