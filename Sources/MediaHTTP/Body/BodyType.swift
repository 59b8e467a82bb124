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

    /// Refuses a body that is compressed: a client would otherwise read that its JSON is none, or have its media stored
    /// as they are not.
    ///
    /// RFC 9110 §15.5.16 has 415 and `Accept-Encoding` for this; X never answers 415.
    /// - Throws: 400.
    func checkCoding() throws(HTTPProblem) {
        guard let coding = headers[.contentEncoding], !coding.isEmpty, coding.lowercased() != "identity" else { return }
        var problem = HTTPProblem.invalidRequest(
            "The Content-Encoding [\(coding.prefix(100))] is not accepted; send the body as it is")
        problem.headers[.acceptEncoding] = "identity"
        throw problem
    }

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
