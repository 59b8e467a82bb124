package import HTTPTypes
package import Hummingbird
package import XMedia

/// A refusal as it goes over the wire: a problem document (RFC 9457) in X's frame, with its headers.
package struct HTTPProblem: Error, HTTPResponseError, Sendable, Equatable {
    /// The status of the answer.
    package let status: HTTPResponse.Status
    /// The body.
    package var problem: Problem
    /// Headers besides content type and length, `Retry-After` for example.
    package var headers: HTTPFields

    /// Makes a refusal; the document's `status` member is set here.
    package init(
        _ status: HTTPResponse.Status, type: String = ProblemType.blank, title: String? = nil, detail: String,
        errors: [Problem.Item]? = nil, headers: HTTPFields = [:]
    ) {
        self.status = status
        self.problem = Problem(
            type: type, title: title ?? status.reasonPhrase, detail: detail, status: status.code, errors: errors)
        self.headers = headers
    }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        try response()
    }

    /// The answer.
    func response() throws -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return try .json(problem, status: status, headers: headers)
    }
}
