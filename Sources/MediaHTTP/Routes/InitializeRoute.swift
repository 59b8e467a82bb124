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
            let members = try await request.jsonBody(.initialize)
            return try await respond(to: members, of: request, user: user)
        }
    }

    /// The answer for members that ``Schema/initialize`` has checked; once, when the request has an `Idempotency-Key`.
    ///
    /// It is the same whether the members came as JSON or as fields with `command=INIT`: so is the key.
    func respond(to members: JSONValue, of request: Request, user: UserID) async throws -> Response {
        guard let key = try request.idempotencyKey("initialize", user: user, body: members) else {
            let upload = try await services.uploads.initialize(members.decoded(), owner: user)
            return try .json(DataEnvelope(data: data(of: upload, at: services.clock.now)))
        }
        return try await respond(to: members, user: user, key: key)
    }

    /// The answer for a request with an `Idempotency-Key`.
    private func respond(to members: JSONValue, user: UserID, key: IdempotencyKey) async throws -> Response {
        let once = Once<MediaRecord>(key: key) { upload in
            try StoredAnswer(DataEnvelope(data: data(of: upload, at: upload.createdAt)), status: .ok)
        }
        switch try await services.uploads.initialize(members.decoded(), owner: user, once: once) {
        case .done(let upload): return try .json(DataEnvelope(data: data(of: upload, at: upload.createdAt)))
        case .repeated(let answer): return answer.response()
        }
    }

    private func data(of upload: MediaRecord, at now: Timestamp) -> UploadData {
        UploadPresenter(urls: services.urls).initialized(upload, at: now)
    }
}
