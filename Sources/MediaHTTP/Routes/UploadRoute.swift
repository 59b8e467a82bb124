import Hummingbird
import MediaCore
import MediaRules
import XMedia

/// `POST /2/media/upload`: one file in one request, or a command of the older form.
///
/// https://docs.x.com/x-api/media/upload-media
struct UploadRoute {
    private let services: RouteServices
    private let commands: UploadCommands

    init(_ services: RouteServices) {
        self.services = services
        commands = UploadCommands(services)
    }

    func add(to router: Router<RoostContext>) {
        router.post("/2/media/upload") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let query = request.queryFields
            if let command = query["command"] {
                return try await commands.respond(to: command, query: query, request: request, user: user)
            }
            if request.bodyType == .form {
                let form = try await request.formBody()
                guard let command = form["command"] else { throw HTTPProblem.wrongContentType }
                return try await commands.respond(to: command, of: request, fields: form, user: user)
            }
            try checkLength(of: request)
            let body = try UploadBody(request)
            // Fields may stand in any order. With a `command` before the media this is the command form; media that
            // comes first is taken as one file, because a segment could not be written for an upload yet unknown.
            _ = try await body.readToMedia()
            if let command = body.fields["command"] {
                return try await commands.respond(
                    to: command, of: request, fields: body.fields, body: body, user: user)
            }
            return try await oneShot(body, user: user)
        }
    }

    private func oneShot(_ body: UploadBody, user: UserID) async throws -> Response {
        let status = try await services.uploads.oneShot(owner: user) { writer in
            try await body.receive(into: writer)
            if body.fields["command"] != nil { throw UploadCommands.fieldsAfterMedia }
            return try Self.request(of: body.members(typedBy: .oneShot))
        }
        return try FinalizeRoute(services).answer(status, user: user)
    }

    /// The members beside the media.
    ///
    /// OpenAPI 2.166 has `additional_owners` as a list, 2.167 as one string with commas; both are taken, in JSON too.
    private static func request(of members: JSONValue) throws -> InitializeRequest {
        var members = members
        if case .object(var object) = members, case .string(let owners)? = object["additional_owners"] {
            object["additional_owners"] = Schema.oneShot.typed([("additional_owners", owners)])["additional_owners"]
            members = .object(object)
        }
        try Schema.oneShot.check(members)
        return try members.decoded()
    }

    /// Refuses a body that has too many bytes for one request in any category and encoding.
    private func checkLength(of request: Request) throws(HTTPProblem) {
        let largest = MediaCategory.allCases.max {
            services.rules.oneShotMaxBytes(for: $0) < services.rules.oneShotMaxBytes(for: $1)
        }
        guard let largest else { return }
        let limit = services.rules.oneShotMaxBytes(for: largest)
        try request.checkLength(
            atMost: limit + limit / 2 + (1 << 20),
            else: HTTPProblem(ServiceError.oneShotTooLarge(limit: limit, category: largest)))
    }
}
