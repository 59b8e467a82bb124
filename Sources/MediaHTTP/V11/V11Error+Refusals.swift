import HTTPTypes
import MediaCore
import MediaRules
import XMedia

/// What services and the edge refuse, in v1.1's codes and words.
extension V11Error {
    /// The refusal for whatever a route threw; nil for errors that nobody foresaw.
    init?(_ error: any Error) {
        if let error = error as? V11Error {
            self = error
        } else if let error = error as? ServiceError, let known = V11Error(service: error) {
            self = known
        } else if let problem = HTTPProblem(error) {
            self.init(problem)
        } else {
            return nil
        }
    }

    /// The refusals for which v1.1 has words of its own; nil for the others.
    init?(service error: ServiceError) {
        switch error {
        case .mediaNotFound(let id): self.init(.notFound, .mediaNotFound, "A media id was not found: \(id).")
        case .segmentIndexOutOfRange(_, let allowed):
            self.init(
                .badRequest, .mediaInvalid,
                "SegmentIndex must be between \(allowed.lowerBound) and \(allowed.upperBound).")
        case .segmentTooLarge(let limit): self.init(.contentTooLarge, .mediaInvalid, Self.tooLarge(limit))
        case .oneShotTooLarge(let limit, _): self.init(.badRequest, .mediaInvalid, Self.tooLarge(limit))
        case .incomplete(_, .tooLarge(_, let limit)): self.init(.badRequest, .mediaInvalid, Self.tooLarge(limit))
        case .incomplete:
            let problem = HTTPProblem(error).problem
            self.init(
                .badRequest, .mediaInvalid, "Segments do not add up to provided total file size.",
                details: problem.errors ?? [])
        case .declarationRefused(let rules):
            self.init(
                .badRequest, .mediaInvalid, rules.first?.message ?? "media type unrecognized.",
                details: rules.map(\.problemItem))
        case .mediaFailed(_, let failure):
            self.init(.badRequest, .mediaInvalid, failure.error.message, details: failure.reasons)
        case .postMediaInvalid: self.init(.badRequest, .mediaInvalid, "The validation of media ids failed.")
        case .postMediaMixed:
            self.init(.badRequest, .mediaMixed, "A post has up to 4 photos, or 1 GIF, or 1 video.")
        case .postDuplicate: self.init(.forbidden, .duplicate, "Status is a duplicate.")
        default: return nil
        }
    }

    /// A v2 refusal by its status; the sentence is that of its first fault.
    init(_ problem: HTTPProblem) {
        let faults = problem.problem.errors ?? []
        let message = faults.first?.message ?? problem.problem.detail
        let code: Code
        switch problem.status {
        case .unauthorized:
            self.init(unauthorized: problem)
            return
        case .forbidden where problem.problem.type == ProblemType.oauth1Permissions:
            self.init(problem.status, .readOnlyApp, "Application cannot perform write actions.")
            return
        case .forbidden where problem.problem.missingScopes != nil:
            self.init(
                problem.status, .notPermitted, "Your credentials do not allow access to this resource.",
                headers: problem.headers)
            return
        case .forbidden: code = .notPermitted
        case .notFound: code = .pageDoesNotExist
        case .methodNotAllowed: code = .methodNotAllowed
        case .tooManyRequests:
            self.init(problem.status, .rateLimit, "Rate limit exceeded", headers: problem.headers)
            return
        case .serviceUnavailable: code = .overCapacity
        default: code = problem.status.kind == .serverError ? .internalError : .badRequest
        }
        self.init(problem.status, code, message, headers: problem.headers, details: faults)
    }

    /// X answers 400 to a request without credentials, and 401 to one with wrong ones.
    private init(unauthorized problem: HTTPProblem) {
        switch problem.oauth1Refusal {
        case .malformed, .method:
            self.init(.badRequest, .badAuthentication, "Bad Authentication data.", headers: problem.headers)
        case .timestamp:
            self.init(.unauthorized, .timestampOutOfBounds, "Timestamp out of bounds.", headers: problem.headers)
        case .consumerKey, .signature, .replayed, .verifier:
            self.init(.unauthorized, .couldNotAuthenticate, "Could not authenticate you.", headers: problem.headers)
        case nil where problem.headers[.wwwAuthenticate] == "Bearer":
            self.init(.badRequest, .badAuthentication, "Bad Authentication data.")
        case .token, nil:
            self.init(.unauthorized, .invalidToken, "Invalid or expired token.", headers: problem.headers)
        }
    }

    private static func tooLarge(_ limit: Int64) -> String { "File size exceeds \(limit) bytes." }
}
