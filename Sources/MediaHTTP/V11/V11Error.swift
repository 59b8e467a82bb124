import HTTPTypes
import Hummingbird
import XMedia

/// A refusal as v1.1 writes it: a code of X's list and a sentence.
///
/// https://developer.x.com/en/support/x-api/error-troubleshooting (read 2026-11-21); texts of live answers where they are
/// recorded, because clients compare them.
struct V11Error: Error, Sendable {
    /// X's codes, as far as these routes have reason to send them.
    enum Code: Int, Sendable {
        case couldNotAuthenticate = 32
        case pageDoesNotExist = 34
        case parameterMissing = 38
        case parameterInvalid = 44
        case methodNotAllowed = 86
        case rateLimit = 88
        case invalidToken = 89
        case overCapacity = 130
        case internalError = 131
        case timestampOutOfBounds = 135
        case textMissing = 170
        case textTooLong = 186
        case duplicate = 187
        case badRequest = 214
        case badAuthentication = 215
        case notPermitted = 220
        case readOnlyApp = 261
        case mediaMixed = 323
        case mediaInvalid = 324
        case mediaNotFound = 325
        case callbackNotApproved = 415
    }

    let status: HTTPResponse.Status
    let code: Code
    let message: String
    var headers: HTTPFields = [:]
    /// What Roost says beside X's sentence.
    var details: [Problem.Item] = []

    init(
        _ status: HTTPResponse.Status, _ code: Code, _ message: String, headers: HTTPFields = [:],
        details: [Problem.Item] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
        self.details = details
    }

    /// 400 for a parameter that is not there.
    static func missing(_ name: String) -> V11Error {
        V11Error(.badRequest, .parameterMissing, "\(name) parameter is missing.")
    }

    /// 400 for a parameter whose value cannot be.
    static func invalid(_ name: String) -> V11Error {
        V11Error(.badRequest, .parameterInvalid, "\(name) parameter is invalid.")
    }

    /// 404 for a path without a route, in X's words.
    static let noPage = V11Error(.notFound, .pageDoesNotExist, "Sorry, that page does not exist.")

    /// The answer.
    ///
    /// The upload route's own frame is `{"request", "error"}`; both frames go together there, because clients
    /// look for one or the other.
    func response(to path: String) throws -> Response {
        let isUpload = path == V11UploadRoute.path
        let entries =
            details.isEmpty
            ? [Entry(code: code.rawValue, message: message)]
            : details.map { Entry(code: code.rawValue, message: $0.message, detail: $0) }
        return try .json(
            Body(errors: entries, request: isUpload ? path : nil, error: isUpload ? message : nil), status: status,
            headers: headers)
    }

    private struct Body: Encodable {
        let errors: [Entry]
        let request: String?
        let error: String?
    }

    private struct Entry: Encodable {
        let code: Int
        let message: String
        var rule: String?
        var found: String?
        var allowed: String?
        var fix: String?

        init(code: Int, message: String, detail: Problem.Item? = nil) {
            self.code = code
            self.message = message
            rule = detail?.rule
            found = detail?.found
            allowed = detail?.allowed
            fix = detail?.fix
        }
    }
}
