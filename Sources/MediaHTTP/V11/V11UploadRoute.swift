import HTTPTypes
import Hummingbird
import MediaCore
import XMedia

/// `/1.1/media/upload.json`: one file in one request, or `command=INIT`, `APPEND`, `FINALIZE` and `STATUS`.
///
/// https://developer.x.com/en/docs/x-api/v1/media/upload-media/api-reference/post-media-upload
struct V11UploadRoute {
    /// The whole path, as it stands in refusals.
    static let path = "/1.1/media/upload.json"

    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to group: RouterGroup<RoostContext>) {
        group.post("/media/upload.json") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let form = try await V11UploadForm(request, rules: services.rules)
            switch form.fields["command"] {
            case nil: return try await simple(form, user: user)
            case "INIT": return try await initialize(form, of: request, user: user)
            case "APPEND": return try await append(form, user: user)
            case "FINALIZE": return try await finalize(form, user: user)
            default: throw V11Error.invalid("command")
            }
        }
        group.get("/media/upload.json") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let query = request.queryFields
            guard query["command"] == "STATUS" else {
                throw query["command"] == nil ? V11Error.missing("command") : V11Error.invalid("command")
            }
            let id = try Self.mediaID(in: query)
            let status = try await services.uploads.status(id, by: user)
            // Before FINALIZE there is nothing whose status could be told.
            guard status.media.state != .uploading else { throw ServiceError.mediaNotFound(id) }
            let presenter = UploadPresenter(urls: services.urls)
            return try Response.json(V11Media(presenter.status(status, viewer: user, at: services.clock.now)))
        }
    }

    /// A file in one request, up to the limits of v2's.
    private func simple(_ form: V11UploadForm, user: UserID) async throws -> Response {
        let status = try await services.uploads.oneShot(owner: user) { writer in
            try await form.receive(into: writer)
            if form.fields["command"] != nil { throw UploadCommands.fieldsAfterMedia }
            return try form.fields.v11Declaration()
        }
        return try answer(status, user: user)
    }

    /// With an `Idempotency-Key` once, as v2's; v1.1 has keys of its own, since it answers otherwise.
    private func initialize(_ form: V11UploadForm, of request: Request, user: UserID) async throws -> Response {
        if try await form.hasMedia() { throw V11Error.invalid("media") }
        for name in ["total_bytes", "media_type"] where form.fields[name] == nil { throw V11Error.missing(name) }
        let declaration = try form.fields.v11Declaration()
        let presenter = UploadPresenter(urls: services.urls)
        let asked = JSONValue.object(
            Dictionary(form.fields.fields.map { ($0.name, .string($0.value)) }) { first, _ in first })
        guard let key = try request.idempotencyKey("v1.1 INIT", user: user, body: asked) else {
            let upload = try await services.uploads.initialize(declaration, owner: user)
            return try .json(V11Media(presenter.initialized(upload, at: services.clock.now)), status: .accepted)
        }
        let once = Once<MediaRecord>(key: key) { upload in
            try StoredAnswer(V11Media(presenter.initialized(upload, at: upload.createdAt)), status: .accepted)
        }
        switch try await services.uploads.initialize(declaration, owner: user, once: once) {
        case .done(let upload):
            return try .json(V11Media(presenter.initialized(upload, at: upload.createdAt)), status: .accepted)
        case .repeated(let answer): return answer.response()
        }
    }

    private func append(_ form: V11UploadForm, user: UserID) async throws -> Response {
        if form.fields["media_id"] == nil, form.isAtStreamedMedia { throw UploadCommands.fieldsAfterMedia }
        let upload = try await services.uploads.prepareAppend(to: Self.mediaID(in: form.fields), by: user)
        _ = try await services.uploads.append(to: upload) { writer in
            try await form.receive(into: writer)
            guard let text = form.fields["segment_index"] else { throw V11Error.missing("segment_index") }
            guard let index = Int(text) else { throw V11Error.invalid("segment_index") }
            return index
        }
        var response = Response(status: .noContent)
        // RFC 9110 §8.6: a 204 has no length, also not 0.
        response.headers[.contentLength] = nil
        return response
    }

    private func finalize(_ form: V11UploadForm, user: UserID) async throws -> Response {
        if try await form.hasMedia() { throw V11Error.invalid("media") }
        return try answer(try await services.uploads.finalize(Self.mediaID(in: form.fields), by: user), user: user)
    }

    private func answer(_ status: UploadStatus, user: UserID) throws -> Response {
        let presenter = UploadPresenter(urls: services.urls)
        return try .json(V11Media(presenter.finalized(status, viewer: user, at: services.clock.now)))
    }

    private static func mediaID(in fields: FormFields) throws(V11Error) -> MediaID {
        guard let text = fields["media_id"] else { throw .missing("media_id") }
        guard let id = MediaID(text) else { throw .invalid("media_id") }
        return id
    }
}

extension FormFields {
    /// What INIT or a simple upload declares; categories in v2's or in v1.1's spelling (`TweetVideo`).
    func v11Declaration() throws(V11Error) -> InitializeRequest {
        var request = InitializeRequest()
        if let text = self["media_type"] {
            guard let type = MediaType(rawValue: text.lowercased()) else {
                throw V11Error(.badRequest, .mediaInvalid, "media type unrecognized.")
            }
            request.mediaType = type
        }
        if let text = self["media_category"] {
            guard let category = MediaCategory(v11: text) else { throw .invalid("media_category") }
            request.mediaCategory = category
        }
        if let text = self["total_bytes"] {
            guard let bytes = Int64(text), bytes > 0 else { throw .invalid("total_bytes") }
            request.totalBytes = bytes
        }
        if let text = self["shared"] { request.shared = text == "true" || text == "1" }
        if let text = self["additional_owners"] {
            let ids = text.split(separator: ",").map { UserID($0) }
            let owners = ids.compactMap { $0 }
            // V11: "up to 100 additional owners may be specified".
            guard owners.count == ids.count, owners.count <= 100 else { throw .invalid("additional_owners") }
            request.additionalOwners = owners
        }
        return request
    }
}

extension MediaCategory {
    /// Reads `tweet_video` and `TweetVideo` alike: node-twitter-api-v2 sends the latter.
    init?(v11 text: String) {
        let plain = text.lowercased().filter { $0 != "_" }
        guard let category = Self.allCases.first(where: { $0.rawValue.filter { $0 != "_" } == plain }) else {
            return nil
        }
        self = category
    }
}
