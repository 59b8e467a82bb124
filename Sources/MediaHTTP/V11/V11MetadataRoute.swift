import Hummingbird
import MediaCore
import XMedia

/// `POST /1.1/media/metadata/create.json` sets the alternative text.
///
/// https://developer.x.com/en/docs/x-api/v1/media/upload-media/api-reference/post-media-metadata-create
struct V11MetadataRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to group: RouterGroup<RoostContext>) {
        group.post("/media/metadata/create.json") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            // The type may be application/json or text/plain, so the content decides.
            guard case .object(var members)? = try? JSONValue(parsing: await request.smallBody()) else {
                throw V11Error(.badRequest, .badRequest, "Invalid json payload.")
            }
            let id: MediaID
            switch members.removeValue(forKey: "media_id") {
            case .string(let text)?:
                guard let read = MediaID(text) else { throw V11Error.invalid("media_id") }
                id = read
            case .integer(let number)? where number > 0: id = MediaID(rawValue: UInt64(number))
            case nil: throw V11Error.missing("media_id")
            default: throw V11Error.invalid("media_id")
            }
            let set = members.filter { $0.value != .null }
            try Schema.metadata.check(.object(set))
            _ = try await services.media.setMetadata(set, of: id, by: user)
            return Response(status: .ok)
        }
    }
}
