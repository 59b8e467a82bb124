import OAuth
import Testing

/// A signed request as some document prints it.
struct SignatureVector: Sendable, CustomTestStringConvertible {
    var name: String
    var consumer: (key: String, secret: String)
    var token: (key: String, secret: String)?
    var nonce: String
    var timestamp: Int64
    var version: String?
    var more: String = ""
    var request: SignedRequest
    var origin: String
    var signature: String

    var testDescription: String { name }

    var header: String {
        let token = token.map { ", oauth_token=\"\($0.key)\"" } ?? ""
        let version = version.map { ", oauth_version=\"\($0)\"" } ?? ""
        return """
            OAuth realm="Photos", oauth_consumer_key="\(consumer.key)", oauth_signature_method="HMAC-SHA1", \
            oauth_timestamp="\(timestamp)", oauth_nonce="\(nonce)"\(token)\(version)\(more), \
            oauth_signature="\(PercentEncoding.encode(signature))"
            """
    }

    var key: SigningKey { SigningKey(consumerSecret: consumer.secret, tokenSecret: token?.secret ?? "") }
}

extension SignatureVector {
    /// The examples of https://www.rfc-editor.org/rfc/rfc5849#section-1.2 whose signatures belong to what is printed; that
    /// of the first, for `/initiate`, does not.
    static func rfc(
        _ name: String, method: String, origin: String, path: String, query: String = "", token: (String, String),
        timestamp: Int64, nonce: String, more: String = "", signature: String
    ) -> SignatureVector {
        SignatureVector(
            name: name, consumer: ("dpf43f3p2l4k3l03", "kd94hf93k423kf44"), token: token, nonce: nonce,
            timestamp: timestamp, more: more, request: SignedRequest(method: method, path: path, query: query),
            origin: origin, signature: signature)
    }

    /// The examples of X's older document on OAuth (https://dev.twitter.com/docs/auth/oauth, archived), which many
    /// libraries test against.
    static func threeLegged(
        _ name: String, path: String, token: (String, String)? = nil, timestamp: Int64, nonce: String, more: String,
        signature: String
    ) -> SignatureVector {
        SignatureVector(
            name: name, consumer: ("GDdmIQH6jhtmLUypg82g", "MCD8BKwGdgPHvAuvgvz4EQpqDAtx89grbuNMRd7Eh98"), token: token,
            nonce: nonce, timestamp: timestamp, version: "1.0", more: more,
            request: SignedRequest(method: "POST", path: path), origin: "https://api.twitter.com",
            signature: signature)
    }

    /// The keys of https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature.
    static func x(
        _ name: String, method: String, origin: String = "https://api.x.com", path: String, query: String = "",
        form: String = "", isMultipart: Bool = false, signature: String
    ) -> SignatureVector {
        SignatureVector(
            name: name, consumer: ("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"),
            token: (
                "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE"
            ),
            nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", timestamp: 1_318_622_958, version: "1.0",
            request: SignedRequest(
                method: method, path: path, query: query, form: Array(form.utf8), isMultipart: isMultipart),
            origin: origin, signature: signature)
    }

    static let all: [SignatureVector] = [
        threeLegged(
            "X, the request token", path: "/oauth/request_token", timestamp: 1_272_323_042,
            nonce: "QP70eNmVz8jvdPevU3oJD2AfF7R7odC2XJcn4XlZJqk",
            more: ", oauth_callback=\""
                + PercentEncoding.encode("http://localhost:3005/the_dance/process_callback?service_provider_id=11")
                + "\"",
            signature: "8wUi7m5HFQy76nowoCThusfgB+Q="),
        threeLegged(
            "X, the access token", path: "/oauth/access_token",
            token: ("8ldIZyxQeVrFZXFOZH5tAwj6vzJYuLQpl0WUEYtWc", "x6qpRnlEmW9JbQn4PQVVeVG8ZLPEx6A0TOebgwcuA"),
            timestamp: 1_272_323_047, nonce: "9zWH6qe0qG7Lc1telCn7FhUbLyVdjEaL3MO5uHxn8",
            more: ", oauth_verifier=\"pDNg57prOHapMbhv25RNf75lVRd6JDsni1AJJIDYoTY\"",
            signature: "PUw/dHA4fnlJYM6RhXk5IU/0fCc="),
        rfc(
            "RFC 5849 §1.2, token credentials", method: "POST", origin: "https://photos.example.net", path: "/token",
            token: ("hh5s93j4hdidpola", "hdhd0244k9j7ao03"), timestamp: 137_131_201, nonce: "walatlh",
            more: ", oauth_verifier=\"hfdp7dh39dks9884\"", signature: "gKgrFCywp7rO0OXSjdot/IHF7IU="),
        rfc(
            "RFC 5849 §1.2, the photo", method: "GET", origin: "http://photos.example.net", path: "/photos",
            query: "file=vacation.jpg&size=original", token: ("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
            timestamp: 137_131_202, nonce: "chapoH", signature: "MdpQcU8iPSUjWoN/UDMsK2sui9I="),
        x(
            "X, creating a signature", method: "POST", path: "/1.1/statuses/update.json",
            query: "include_entities=true",
            form: "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21",
            signature: "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="),
        x(
            "X, creating a signature, under the older host", method: "POST", origin: "https://api.twitter.com",
            path: "/1.1/statuses/update.json", query: "include_entities=true",
            form: "status=Hello+Ladies+%2B+Gentlemen%2C+a+signed+OAuth+request!",
            signature: "hCtSmYh+iHYCEqBWrE7C7hYmtUk="),
        x(
            "append, whose body is not signed", method: "POST", path: "/2/media/upload/1880028106020515840/append",
            isMultipart: true, signature: "027VeUFoE5N9TSWqiO727VxeLH4="),
        x(
            "status", method: "GET", path: "/2/media/upload", query: "command=STATUS&media_id=1880028106020515840",
            signature: "ZkMio+avf1tYkOY9L2zbmx4cVaM="),
    ]
}

@Suite("Signatures (RFC 5849 §3.4.2)")
struct SignatureTests {
    @Test("known signatures are verified", arguments: SignatureVector.all)
    func verified(vector: SignatureVector) throws {
        let authorization = try OAuthAuthorization(header: vector.header)
        #expect(vector.request.isSigned(authorization, with: vector.key, origins: [vector.origin]))
    }

    @Test("known signatures are made", arguments: SignatureVector.all.filter { $0.version != nil && $0.more.isEmpty })
    func made(vector: SignatureVector) {
        let signer = OAuthSigner(
            consumerKey: vector.consumer.key, consumerSecret: vector.consumer.secret, token: vector.token?.key,
            tokenSecret: vector.token?.secret ?? "")
        let header = signer.authorization(
            for: vector.request, origin: vector.origin, timestamp: vector.timestamp, nonce: vector.nonce)
        #expect(header.contains("oauth_signature=\"\(PercentEncoding.encode(vector.signature))\""))
    }

    @Test("a signature is none for another request, key, token or origin", arguments: SignatureVector.all)
    func refused(vector: SignatureVector) throws {
        let authorization = try OAuthAuthorization(header: vector.header)
        let request = vector.request
        func isSigned(_ request: SignedRequest, _ key: SigningKey, _ origin: String = vector.origin) -> Bool {
            request.isSigned(authorization, with: key, origins: [origin])
        }
        let changed = [
            SignedRequest(method: "PUT", path: request.path, query: request.query, form: request.form),
            SignedRequest(method: request.method, path: request.path + "/", query: request.query, form: request.form),
            SignedRequest(
                method: request.method, path: request.path, query: request.query + "&a=1", form: request.form),
        ]
        for request in changed { #expect(!isSigned(request, vector.key), "\(request)") }
        #expect(!isSigned(request, vector.key, "https://media.example"))
        #expect(!isSigned(request, SigningKey(consumerSecret: vector.consumer.secret, tokenSecret: "another")))
        #expect(
            !isSigned(request, SigningKey(consumerSecret: "another", tokenSecret: vector.token?.secret ?? "")))
        for (value, other) in [
            (vector.nonce, "another"), ("\"\(vector.timestamp)\"", "\"\(vector.timestamp + 1)\""),
            (vector.consumer.key, "another"),
        ] {
            let header = vector.header.replacing(value, with: other)
            #expect(header != vector.header)
            let authorization = try OAuthAuthorization(header: header)
            #expect(!request.isSigned(authorization, with: vector.key, origins: [vector.origin]), "\(other)")
        }
    }

    @Test("secrets are encoded before they are joined: an & in one is not the other's")
    func secrets() {
        let url = BaseURL.join(origin: "https://api.x.com", path: "/")
        let one = SigningKey(consumerSecret: "a&b", tokenSecret: "c").signature(method: "GET", url: url, parameters: [])
        let other = SigningKey(consumerSecret: "a", tokenSecret: "b&c").signature(
            method: "GET", url: url, parameters: [])
        #expect(one.bytes != other.bytes)
        #expect(!(one == other))
        #expect(Signature(base64: one.base64).map { $0 == one } == true)
    }
}
