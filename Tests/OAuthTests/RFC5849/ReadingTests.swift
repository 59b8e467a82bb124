import Testing

@testable import OAuth

@Suite("What clients sign")
struct ReadingTests {
    private let origin = "https://upload.x.com"
    private let signer = OAuthSigner(consumerKey: "app", consumerSecret: "s", token: "token", tokenSecret: "t")
    private let key = SigningKey(consumerSecret: "s", tokenSecret: "t")

    /// Whether a request is taken whose client signed another view of it.
    private func isTaken(_ sent: SignedRequest, signedAs view: SignedRequest) throws -> Bool {
        let header = signer.authorization(for: view, origin: origin, timestamp: 1_700_000_000, nonce: "n")
        return sent.isSigned(try OAuthAuthorization(header: header), with: key, origins: [origin])
    }

    private func post(
        _ query: String, form: String = "", isMultipart: Bool = false, path: String = "/1.1/media/upload.json"
    ) -> SignedRequest {
        SignedRequest(
            method: "POST", path: path, query: query, form: Array(form.utf8),
            isMultipart: isMultipart)
    }

    @Test("the query beside a multipart body may be signed or not")
    func multipart() throws {
        let sent = post("command=APPEND&media_id=1", isMultipart: true)
        #expect(try isTaken(sent, signedAs: sent))
        #expect(try isTaken(sent, signedAs: post("")))
        #expect(try !isTaken(post("command=APPEND&media_id=2", isMultipart: true), signedAs: sent))
    }

    @Test("the query of every other request is signed")
    func query() throws {
        #expect(try !isTaken(post("a=1"), signedAs: post("")))
        #expect(try !isTaken(post("a=1", form: "b=2"), signedAs: post("", form: "b=2")))
    }

    @Test(
        "a form's body is signed, but below /2/, where xurl signs the query alone; a wrong one is refused",
        arguments: [
            ("/2/media/upload", true), ("/1.1/statuses/update.json", false), ("/oauth/request_token", false),
            ("/20/a", false), ("/1.1/2/", false),
        ])
    func form(path: String, takesUnsigned: Bool) throws {
        func sent(_ query: String, _ form: String) -> SignedRequest { post(query, form: form, path: path) }
        #expect(try isTaken(sent("a=1", "b=2"), signedAs: sent("a=1", "b=2")))
        #expect(try isTaken(sent("a=1", "b=2"), signedAs: sent("a=1", "")) == takesUnsigned)
        #expect(try !isTaken(sent("a=1", "b=2"), signedAs: sent("a=1", "b=3")))
        // With spaces xurl's other encoding counts too, and it has no body either.
        let authorization = try OAuthAuthorization(
            header: signer.authorization(for: sent("a=b%20c", ""), origin: origin, timestamp: 1, nonce: "n"))
        let parameters = sent("a=b%20c", "").parameters(of: authorization, by: .goEscapes)
        let signature = key.signature(
            method: "POST", url: BaseURL.join(origin: origin, path: path), parameters: parameters)
        let header = signer.authorization(for: sent("a=b%20c", ""), origin: origin, timestamp: 1, nonce: "n").replacing(
            PercentEncoding.encode(authorization.signature.base64), with: PercentEncoding.encode(signature.base64))
        let signed = try OAuthAuthorization(header: header)
        #expect(sent("a=b%20c", "b=2").isSigned(signed, with: key, origins: [origin]) == takesUnsigned)
        #expect(sent("a=b%20c", "").isSigned(signed, with: key, origins: [origin]))
    }

    @Test("xdk signs a parameter once that stands in header and query")
    func repeated() throws {
        let sent = post("oauth_token=token&oauth_verifier=v")
        #expect(try isTaken(sent, signedAs: post("oauth_verifier=v")))
        #expect(try isTaken(sent, signedAs: sent))
        #expect(try !isTaken(post("oauth_token=other&oauth_verifier=v"), signedAs: post("oauth_verifier=v")))
    }

    /// Go's `url.QueryEscape` twice: a space of the query becomes `%2B` in the base string.
    @Test("xurl writes spaces as plus")
    func go() throws {
        let sent = post("status=a%20b&tag=c+d")
        let unsigned = signer.authorization(for: sent, origin: origin, timestamp: 1_700_000_000, nonce: "n")
        let authorization = try OAuthAuthorization(header: unsigned)
        let parameters = sent.parameters(of: authorization, by: .goEscapes)
        let text = BaseString.bytes(
            method: "POST", url: BaseURL.join(origin: origin, path: sent.path), parameters: parameters)
        #expect(String(decoding: text, as: UTF8.self).hasSuffix("%26status%3Da%2Bb%26tag%3Dc%2Bd"))
        let signature = key.signature(
            method: "POST", url: BaseURL.join(origin: origin, path: sent.path), parameters: parameters)
        let header = unsigned.replacing(
            PercentEncoding.encode(authorization.signature.base64), with: PercentEncoding.encode(signature.base64))
        #expect(header != unsigned)
        #expect(sent.isSigned(try OAuthAuthorization(header: header), with: key, origins: [origin]))
    }

    @Test("a client may believe in any of several origins, and in no other")
    func origins() throws {
        let sent = post("a=1")
        for believed in ["https://api.x.com", "http://127.0.0.1:8080", "https://evil.example"] {
            let header = signer.authorization(for: sent, origin: believed, timestamp: 1_700_000_000, nonce: "n")
            let isTaken = sent.isSigned(
                try OAuthAuthorization(header: header), with: key,
                origins: ["http://127.0.0.1:8080", "https://API.x.com:443"])
            #expect(isTaken == (believed != "https://evil.example"), "\(believed)")
        }
    }
}
