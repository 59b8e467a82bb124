/// A request as its signature covers it, and the ways in which clients compute signatures.
package struct SignedRequest: Sendable {
    /// The method.
    package let method: String
    /// The path as it came over the wire.
    package let path: String
    /// The query as it came over the wire, without the `?`.
    package let query: String
    /// The body, when it is `application/x-www-form-urlencoded`; bodies of other types are never signed.
    package let form: [UInt8]
    /// Whether the body is `multipart/form-data`.
    package let isMultipart: Bool

    /// Describes a request.
    package init(method: String, path: String, query: String = "", form: [UInt8] = [], isMultipart: Bool = false) {
        self.method = method
        self.path = path
        self.query = query
        self.form = form
        self.isMultipart = isMultipart
    }

    /// Whether the signature is one that the holder of the key made for this request.
    ///
    /// - Parameters:
    ///   - authorization: the request's header.
    ///   - key: the secrets of the app and of the token.
    ///   - origins: where the client may believe it sent the request; the likeliest first.
    /// - Returns: whether any reading with any origin gives the signature.
    package func isSigned(_ authorization: OAuthAuthorization, with key: SigningKey, origins: [String]) -> Bool {
        for reading in Reading.allCases where applies(reading) {
            let parameters = parameters(of: authorization, by: reading)
            for origin in origins {
                let url = BaseURL.join(origin: origin, path: path)
                if key.signature(method: method, url: url, parameters: parameters) == authorization.signature {
                    return true
                }
            }
        }
        return false
    }

    /// What a client takes for the parameters that it signs.
    enum Reading: CaseIterable {
        /// Header, query, and the body when it is a form (RFC 5849 §3.4.1.3).
        case standard
        /// Without the query beside a multipart body: X's v1.1 documents say that then "POST or query string
        /// parameters are not used".
        case multipartWithoutQuery
        /// Without the body although it is a form: `xurl` signs the query only, and speaks to `/2/`.
        case formWithoutBody
        /// Parameters once that stand in header and query alike: `xdk` signs `oauth_token` so when it asks for an access
        /// token.
        case repeatedOnce
        /// Spaces of the query as `+`, without the body: `xurl` encodes by Go's rules.
        case goEscapes
    }

    /// Whether a reading differs from the standard one.
    func applies(_ reading: Reading) -> Bool {
        switch reading {
        case .standard: true
        case .multipartWithoutQuery: isMultipart && !query.isEmpty
        case .formWithoutBody: !form.isEmpty && takesUnsignedForms
        case .repeatedOnce: query.contains("oauth_")
        case .goEscapes:
            (query.utf8.contains(UInt8(ascii: "+")) || query.contains("%20")) && (form.isEmpty || takesUnsignedForms)
        }
    }

    /// Whether a form may come without its content being signed: v1.1 and the three-legged flow carry in forms what must not
    /// be changed on the way, and no client is known that signs those without.
    private var takesUnsignedForms: Bool { path.hasPrefix("/2/") }

    /// The parameters by a reading, sorted and joined.
    func parameters(of authorization: OAuthAuthorization, by reading: Reading) -> [UInt8] {
        var parameters = SignatureParameters()
        for parameter in authorization.signed { parameters.add(parameter.name, parameter.value) }
        if reading != .multipartWithoutQuery {
            parameters.add(
                urlencoded: query.utf8, space: reading == .goEscapes ? .plus : .percent20,
                keepsRepeated: reading != .repeatedOnce)
        }
        if reading != .formWithoutBody, reading != .goEscapes { parameters.add(urlencoded: form) }
        return parameters.normalized
    }
}
