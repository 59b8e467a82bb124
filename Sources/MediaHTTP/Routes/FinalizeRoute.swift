import Hummingbird
import MediaCore
import XMedia

/// `POST /2/media/upload/{id}/finalize` closes an upload.
///
/// https://docs.x.com/x-api/media/finalize-media-upload
struct FinalizeRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.post("/2/media/upload/{id}/finalize") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let id = try context.pathID("id", as: MediaID.self)
            try await request.emptyBody()
            return try await respond(to: id, user: user)
        }
    }

    /// Closes the upload and answers how it stands.
    func respond(to id: MediaID, user: UserID) async throws -> Response {
        try answer(try await services.uploads.finalize(id, by: user), user: user)
    }

    /// The answer of finalize and of one-shot.
    func answer(_ status: UploadStatus, user: UserID) throws -> Response {
        let presenter = UploadPresenter(urls: services.urls)
        let data = presenter.finalized(status, viewer: user, at: services.clock.now)
        return try .json(DataEnvelope(data: data, errors: presenter.problems(of: status.media)))
    }
}
