import HTTPTypes
import Hummingbird
import Synchronization

/// Room for forms that carry a file: `media_data` of `/1.1/media/upload.json`.
///
/// A form is signed with its content, sorted by name. So it is in memory, in several copies, before anybody is known to have
/// sent it, and there is room for few at once; multipart, which nobody signs, is streamed.
struct LargeForms: RouterMiddleware {
    /// How many may be there at once.
    static let most = 4
    /// The most bytes of one: X's segments of 5 MiB have 6.7 MiB in base64, and some 7.1 MiB with `+` and `/` encoded.
    static let limit = 8 << 20

    private let taken = Taken()

    func handle(
        _ request: Request, context: RoostContext, next: @concurrent (Request, RoostContext) async throws -> Response
    ) async throws -> Response {
        let length = request.headers[.contentLength].flatMap { Int($0) }
        guard request.formLimit > Request.smallBodyLimit, request.bodyType == .form,
            (length ?? .max) > Request.smallBodyLimit
        else { return try await next(request, context) }
        defer { taken.count.subtract(1, ordering: .relaxed) }
        guard taken.count.add(1, ordering: .relaxed).newValue <= Self.most else {
            let refusal = V11Error(.serviceUnavailable, .overCapacity, "Over capacity", headers: [.retryAfter: "1"])
            return try refusal.response(to: request.uri.path)
        }
        return try await next(request, context)
    }

    private final class Taken: Sendable {
        let count = Atomic(0)
    }
}

extension Request {
    /// The most bytes of a form: 1 MiB, but where it may carry a file.
    var formLimit: Int { uri.path == V11UploadRoute.path ? LargeForms.limit : Self.smallBodyLimit }
}
