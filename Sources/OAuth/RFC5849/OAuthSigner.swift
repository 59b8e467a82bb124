/// Signs requests as a client does, by the code that verifies them.
package struct OAuthSigner: Sendable {
    /// Names the app.
    package let consumerKey: String
    /// The token; nil in a request for a request token.
    package let token: String?
    private let key: SigningKey

    /// Makes a signer.
    ///
    /// - Parameters:
    ///   - consumerKey: names the app.
    ///   - consumerSecret: the app's secret.
    ///   - token: the token, if there is one yet.
    ///   - tokenSecret: its secret, empty without a token.
    package init(consumerKey: String, consumerSecret: String, token: String? = nil, tokenSecret: String = "") {
        self.consumerKey = consumerKey
        self.token = token
        key = SigningKey(consumerSecret: consumerSecret, tokenSecret: tokenSecret)
    }

    /// The value of `Authorization` for a request.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - origin: scheme, host and port to which it goes.
    ///   - timestamp: seconds since 1970.
    ///   - nonce: any text that is not used twice in a second.
    ///   - more: further parameters of the header, `oauth_callback` for example.
    /// - Returns: `OAuth oauth_consumer_key="…", …`.
    package func authorization(
        for request: SignedRequest, origin: String, timestamp: Int64, nonce: String,
        with more: [(name: String, value: String)] = []
    ) -> String {
        var values: [(name: String, value: String)] = [
            ("oauth_consumer_key", consumerKey), ("oauth_nonce", nonce), ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", String(timestamp)), ("oauth_version", "1.0"),
        ]
        if let token { values.append(("oauth_token", token)) }
        values += more
        var parameters = SignatureParameters()
        for (name, value) in values { parameters.add(name, value) }
        parameters.add(urlencoded: request.query.utf8)
        parameters.add(urlencoded: request.form)
        let signature = key.signature(
            method: request.method, url: BaseURL.join(origin: origin, path: request.path),
            parameters: parameters.normalized)
        values.append(("oauth_signature", signature.base64))
        let fields = values.map { "\($0.name)=\"\(PercentEncoding.encode($0.value))\"" }
        return "OAuth " + fields.joined(separator: ", ")
    }
}
