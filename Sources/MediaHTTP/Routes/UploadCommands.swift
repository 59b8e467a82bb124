import HTTPTypes
import Hummingbird
import MediaCore
import XMedia

/// The command form of `POST /2/media/upload`: `command=INIT`, `APPEND` and `FINALIZE`.
///
/// As the chunked upload guide and X's sample `media_upload_v2.py` send it: fields in a form, urlencoded or multipart,
/// or in the query (https://docs.x.com/x-api/media/quickstart/media-upload-chunked).
struct UploadCommands {
    /// Names are case-sensitive, as X's documents say.
    private enum Command: String, CaseIterable {
        case initialize = "INIT"
        case append = "APPEND"
        case finalize = "FINALIZE"
    }

    /// The members of FINALIZE and of APPEND, open: clients of this form send members of other commands along.
    private static let target = Schema.object([.required("media_id", .string(.id))], closed: false)
    private static let segment = Schema.object(
        [.required("media_id", .string(.id)), .required("segment_index", .integer(0...9999))], closed: false)

    /// 400: the media came before the fields that say where it belongs.
    static let fieldsAfterMedia = HTTPProblem.invalidRequest(
        "The fields `command`, `media_id` and `segment_index` must stand before `media`", parameters: ["media": []])

    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    /// Does a command that stands in the query; further fields may stand in the body.
    func respond(to command: String, query: FormFields, request: Request, user: UserID) async throws -> Response {
        switch request.bodyType {
        case .multipart:
            try AppendRoute(services).checkLength(of: request)
            let body = try UploadBody(request)
            _ = try await body.readToMedia()
            return try await respond(
                to: command, of: request, query: query, fields: FormFields(query.fields + body.fields.fields),
                body: body,
                user: user)
        case .form:
            let form = try await request.formBody()
            return try await respond(
                to: command, of: request, fields: FormFields(query.fields + form.fields), user: user)
        case .json, .absent, .other:
            // X's sample sends an empty body that is typed as JSON.
            try await request.emptyBody(strictly: true)
            return try await respond(to: command, of: request, fields: query, user: user)
        }
    }

    /// Does a command whose fields are known, up to the media.
    ///
    /// - Parameters:
    ///   - name: the command.
    ///   - request: whose headers count: INIT takes an `Idempotency-Key`.
    ///   - query: fields that count beside those that follow the media.
    ///   - fields: all fields before the media.
    ///   - body: the body, read up to the media or to its end.
    ///   - user: who asks.
    /// - Returns: the answer of the route that the command stands for; for APPEND an empty one.
    /// - Throws: 400 for an unknown command and for departures from its schema, and what the route throws.
    func respond(
        to name: String, of request: Request, query: FormFields = FormFields(), fields: FormFields,
        body: UploadBody? = nil, user: UserID
    ) async throws -> Response {
        guard services.commandForm else {
            throw HTTPProblem.invalidRequest(
                "The `command` field is not accepted here; use /2/media/upload/initialize, append and finalize",
                parameters: ["command": [String(name.prefix(100))]])
        }
        guard let command = Command(rawValue: name) else {
            let known = Command.allCases.map(\.rawValue).joined(separator: ", ")
            throw HTTPProblem.invalidRequest(
                "The `command` field value [\(name.prefix(100))] is not one of [\(known)]",
                parameters: ["command": [String(name.prefix(100))]])
        }
        switch command {
        case .initialize:
            try await refuseMedia(in: body)
            let members = Schema.initialize.typed(fields.without("command").fields)
            try Schema.initialize.check(members)
            return try await InitializeRoute(services).respond(to: members, of: request, user: user)
        case .append:
            return try await append(query: query, fields: fields, body: body, user: user)
        case .finalize:
            try await refuseMedia(in: body)
            return try await FinalizeRoute(services).respond(to: Self.mediaID(in: fields), user: user)
        }
    }

    private func refuseMedia(in body: UploadBody?) async throws {
        guard let body, try await body.readToMedia() else { return }
        throw HTTPProblem.invalidRequest("The `media` field belongs to APPEND only", parameters: ["media": []])
    }

    /// - Returns: 204, because the guide says: "HTTP 2XX will be returned with an empty response body".
    private func append(
        query: FormFields, fields: FormFields, body: UploadBody?, user: UserID
    ) async throws -> Response {
        guard let body else {
            throw HTTPProblem.invalidRequest("APPEND takes `media` as multipart/form-data", parameters: ["media": []])
        }
        if fields["media_id"] == nil, try await body.readToMedia() { throw Self.fieldsAfterMedia }
        let upload = try await services.uploads.prepareAppend(to: Self.mediaID(in: fields), by: user)
        _ = try await services.uploads.append(to: upload) { writer in
            try await body.receive(into: writer)
            // Now with the fields that came after the media.
            let members = Self.segment.typed(query.fields + body.fields.fields)
            return try AppendRoute(services).segmentIndex(of: members, schema: Self.segment)
        }
        var response = Response(status: .noContent)
        // RFC 9110 §8.6: a 204 has no length, also not 0.
        response.headers[.contentLength] = nil
        return response
    }

    private static func mediaID(in fields: FormFields) throws -> MediaID {
        let members = target.typed(fields.fields)
        try target.check(members)
        guard let id = members["media_id"]?.stringValue.flatMap({ MediaID($0) }) else {
            throw HTTPProblem.invalidRequest("The `media_id` field is required", parameters: ["media_id": []])
        }
        return id
    }
}
