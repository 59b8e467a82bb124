import HTTPTypes
package import XMedia

/// Requests that cannot be taken as they are: the frame that X's live service sends, with `errors[]`.
extension HTTPProblem {
    /// 400 with one entry for each fault.
    package static func invalidRequest(_ errors: [Problem.Item]) -> HTTPProblem {
        HTTPProblem(
            .badRequest, type: ProblemType.invalidRequest, title: "Invalid Request",
            detail: "One or more parameters to your request was invalid.", errors: errors)
    }

    /// 400 for one fault: a sentence that says what is wrong and what would be accepted, and the offending parameters
    /// with their values, as X writes them.
    package static func invalidRequest(_ message: String, parameters: [String: [String]]? = nil) -> HTTPProblem {
        invalidRequest([Problem.Item(message: message, parameters: parameters)])
    }

    /// 400 for a body that departs from its schema.
    package static func invalidRequest(_ violations: [SchemaViolation]) -> HTTPProblem {
        invalidRequest(
            violations.map { violation in
                Problem.Item(
                    message: violation.message,
                    parameters: violation.path.isEmpty ? nil : [violation.path: violation.value.map { [$0] } ?? []])
            })
    }

    /// 400 for a query parameter, in X's words: ``The `media_id` query parameter value [x] is not valid``.
    ///
    /// The complaint is the sentence's end: `is not valid`, `does not match ^[0-9]{1,19}$`.
    package static func invalidQuery(_ name: String, value: String, _ complaint: String) -> HTTPProblem {
        invalidRequest("The `\(name)` query parameter value [\(value)] \(complaint)", parameters: [name: [value]])
    }

    /// 400 for a query parameter that is absent or empty.
    package static func missingQuery(_ name: String) -> HTTPProblem {
        invalidRequest("The `\(name)` query parameter can not be empty", parameters: [name: []])
    }

    /// 400: the content type is none that the route takes (X never answers 415).
    package static let wrongContentType = invalidRequest(
        "Requests with bodies must have content-type of application/json.")

    /// 400: the body is not JSON.
    package static let bodyIsNotJSON = invalidRequest("Request body is not valid JSON.")

    /// 400: the body is JSON, but no object.
    package static let bodyIsNoObject = invalidRequest("Request body must be a JSON object.")
}
