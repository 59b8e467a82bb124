import HTTPTypes
import Hummingbird

/// What the `Content-Type` of a request says of its body.
enum BodyType: Equatable {
    /// There is no content type.
    case absent
    /// `application/json`.
    case json
    /// `application/x-www-form-urlencoded`.
    case form
    /// `multipart/form-data`, with the whole header.
    case multipart(String)
    /// Anything else.
    case other

    /// Reads the header; media types are compared without case, parameters but the boundary mean nothing here.
    init(contentType: String?) {
        guard let contentType, !contentType.isEmpty else {
            self = .absent
            return
        }
        let mediaType = contentType.prefix { $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        switch mediaType {
        case "application/json": self = .json
        case "application/x-www-form-urlencoded": self = .form
        case "multipart/form-data": self = .multipart(contentType)
        default: self = .other
        }
    }
}

extension Request {
    /// What the content type says of the body.
    var bodyType: BodyType { BodyType(contentType: headers[.contentType]) }

    /// The fields of the query.
    var queryFields: FormFields { FormFields(urlencoded: uri.query ?? "") }

    /// Refuses, before the first byte is pulled, a body whose announced length cannot be within a limit.
    ///
    /// - Parameters:
    ///   - limit: the most bytes of the body.
    ///   - problem: the refusal, 413.
    /// - Throws: the refusal.
    func checkLength(atMost limit: Int64, else problem: HTTPProblem) throws(HTTPProblem) {
        if let length = headers[.contentLength].flatMap({ Int64($0) }), length > limit { throw problem }
    }
}
