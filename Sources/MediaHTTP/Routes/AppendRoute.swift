import Hummingbird
import MediaCore
import MediaRules
import XMedia

/// `POST /2/media/upload/{id}/append` receives a segment.
///
/// https://docs.x.com/x-api/media/append-media-upload
struct AppendRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.post("/2/media/upload/{id}/append") { request, context in
            let user = try context.requireUser(scopes: [.mediaWrite])
            let id = try context.pathID("id", as: MediaID.self)
            try checkLength(of: request)
            let body = try UploadBody(request)
            // Asked before the first pull: what cannot be taken is not sent.
            let upload = try await services.uploads.prepareAppend(to: id, by: user)
            let received = try await services.uploads.append(to: upload) { writer in
                try await body.receive(into: writer)
                return try segmentIndex(of: body.members(typedBy: .append), schema: .append)
            }
            return try Response.json(DataEnvelope(data: AppendData(expiresAt: received.expiresAt?.seconds ?? 0)))
        }
    }

    /// Refuses a body that has too many bytes for a segment in any encoding: base64 in lines adds less than half.
    ///
    /// - Throws: 413.
    func checkLength(of request: Request) throws(HTTPProblem) {
        let limit = services.rules.maxSegmentBytes
        try request.checkLength(
            atMost: limit + limit / 2 + (1 << 20), else: HTTPProblem(ServiceError.segmentTooLarge(limit: limit)))
    }

    /// The index among the members beside the media.
    ///
    /// - Throws: 400 for departures from the schema.
    func segmentIndex(of members: JSONValue, schema: Schema) throws(HTTPProblem) -> Int {
        try schema.check(members)
        guard case .integer(let index)? = members["segment_index"] else {
            throw .invalidRequest("The `segment_index` field is required", parameters: ["segment_index": []])
        }
        return Int(index)
    }
}
