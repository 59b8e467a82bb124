import Hummingbird
import MediaCore
import XMedia

/// `GET /2/media` and `GET /2/media/{media_key}` show finished media.
///
/// https://docs.x.com/x-api/media/get-media-by-media-keys
struct MediaLookupRoutes {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/2/media") { request, context in
            let viewer = try context.requireAny(scopes: [.tweetRead]).userID
            let query = request.queryFields
            let keys = try query.requiredList("media_keys", matching: Self.pattern) { MediaKey($0) }
            let found = try await media(keys, fields: query.mediaFields(), viewer: viewer)
            let misses = keys.filter { found[$0] == nil }.map {
                Problem.miss("media", "\($0)", parameter: "media_keys")
            }
            return try Response.json(
                DataEnvelope(
                    data: found.isEmpty ? nil : keys.compactMap { found[$0] }, errors: misses.isEmpty ? nil : misses))
        }
        router.get("/2/media/{media_key}") { request, context in
            let viewer = try context.requireAny(scopes: [.tweetRead]).userID
            let text = context.parameters.get("media_key") ?? ""
            guard let key = MediaKey(text) else {
                throw HTTPProblem.invalidQuery(
                    "media_key", value: String(text.prefix(100)), "does not match \(Self.pattern)")
            }
            let media = try await media([key], fields: request.queryFields.mediaFields(), viewer: viewer)[key]
            return try Response.json(
                DataEnvelope(
                    data: media,
                    errors: media == nil ? [Problem.miss("media", "\(key)", parameter: "media_key")] : nil))
        }
    }

    private static let pattern = "^([0-9]+)_([0-9]+)$"

    /// The media that the viewer may see; a key with another prefix than the media's is a key of nothing.
    private func media(
        _ keys: [MediaKey], fields: Set<Media.Field>, viewer: UserID?
    ) async throws -> [MediaKey: Media] {
        let visible = try await services.media.lookup(keys.map(\.id), viewer: viewer)
        let presenter = MediaPresenter(urls: services.urls)
        var found: [MediaKey: Media] = [:]
        for key in keys {
            guard let medium = visible[key.id], medium.media.mediaKey == key else { continue }
            found[key] = presenter.media(medium, fields: fields, viewer: viewer)
        }
        return found
    }
}

extension FormFields {
    /// What `media.fields` asks for.
    ///
    /// - Throws: 400 for a field that is not known.
    func mediaFields() throws(HTTPProblem) -> Set<Media.Field> {
        try checkList("media.fields", isOneOf: Media.Field.allCases.map(\.rawValue))
        let asked = list("media.fields").compactMap(Media.Field.init)
        return asked.isEmpty ? Media.Field.defaults : Set(asked).union(Media.Field.defaults)
    }
}

extension Problem {
    /// An entry of `errors[]` for something that does not exist, or not for this token.
    ///
    /// - Parameters:
    ///   - type: `media`, `tweet` or `user`.
    ///   - value: what was asked for.
    ///   - parameter: the request's parameter that named it.
    /// - Returns: the entry, in X's words.
    static func miss(_ type: String, _ value: String, parameter: String) -> Problem {
        var problem = Problem(
            type: ProblemType.resourceNotFound, title: "Not Found Error",
            detail: "Could not find \(type) with \(parameter): [\(value)].")
        problem.resourceType = type
        problem.resourceID = value
        problem.parameter = parameter
        problem.value = value
        return problem
    }
}
