import Testing

@testable import OAuth

@Suite("Redirect URIs (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §4.1)")
struct RedirectURITests {
    @Test(
        "addresses that an answer may go to",
        arguments: [
            "https://app.example/callback", "https://app.example", "https://app.example/a?b=c", "http://127.0.0.1/cb",
            "http://127.0.0.1:8080/cb", "http://[::1]:1/", "http://localhost:65535/cb", "com.example.app:/done",
            "myapp://done", "twittersdk://", "https://app.example/a%20b", "https://APP.example/",
        ])
    func accepted(text: String) throws {
        let uri = try #require(RedirectURI(text))
        #expect(uri.text == text)
        #expect(uri.permits(uri))
    }

    @Test(
        "addresses that are none, or that somebody else reads in another way",
        arguments: [
            "", "/callback", "//evil.example/", "callback", "https:", "https://", "https:///a", "https:app.example",
            "https://app.example/#fragment", "https://app.example/a b", "https://app.example/\r\nSet-Cookie: a=b",
            "https://user@app.example/", "http://127.0.0.1@evil.example/", "http://127.0.0.1:80@evil.example/",
            "https://app.example\\@evil.example/", "https://app.example:0/", "https://app.example:65536/",
            "https://app.example:/", "https://app.example:+1/", "https://app.example:8a/", "http://[::1",
            "http://[::1]x/",
            "javascript:alert(1)", "JavaScript://%0aalert(1)", "data:text/html,x", "file:///etc/passwd", "1a://x",
            "https://app.éxample/", "https://a\"b/", "https://a;b/", "https://app.example/<script>",
            "https://" + String(repeating: "a", count: 2048),
        ])
    func refused(text: String) {
        #expect(RedirectURI(text) == nil)
    }

    @Test(
        "only what was registered, byte by byte",
        arguments: [
            "https://app.example/callback/", "https://app.example/Callback", "https://app.example/callback?a=b",
            "https://app.example/callback/../evil", "https://APP.example/callback", "https://app.example:443/callback",
            "http://app.example/callback", "https://app.example.evil.example/callback",
            "https://app.example/call%62ack",
            "https://evil.example/callback", "https://app.example/callback?",
        ])
    func exact(requested: String) throws {
        let registered = try #require(RedirectURI("https://app.example/callback"))
        let other = try #require(RedirectURI(requested))
        #expect(!registered.permits(other))
    }

    @Test("a loopback address permits every port, and nothing else of another kind")
    func loopback() throws {
        let registered = try #require(RedirectURI("http://127.0.0.1/cb?x=1"))
        for other in ["http://127.0.0.1:1/cb?x=1", "http://127.0.0.1:65535/cb?x=1"] {
            #expect(registered.permits(try #require(RedirectURI(other))))
        }
        for other in [
            "http://127.0.0.1:1/cb", "http://127.0.0.1:1/", "http://127.0.0.2:1/cb?x=1", "http://localhost:1/cb?x=1",
            "https://127.0.0.1:1/cb?x=1", "http://127.0.0.1.evil.example/cb?x=1", "http://[::1]:1/cb?x=1",
        ] {
            #expect(!registered.permits(try #require(RedirectURI(other))), "\(other)")
        }
        let secure = try #require(RedirectURI("https://127.0.0.1/cb"))
        #expect(!secure.permits(try #require(RedirectURI("https://127.0.0.1:444/cb"))))
        let remote = try #require(RedirectURI("http://app.example/cb"))
        #expect(!remote.permits(try #require(RedirectURI("http://app.example:81/cb"))))
    }

    @Test("parameters are added to what query there is, encoded")
    func adding() throws {
        let parameters = [("code", "a b&c=d"), ("state", "ä+/")]
        for (text, start) in [
            ("https://a.example/cb", "https://a.example/cb?"),
            ("https://a.example/cb?x=y", "https://a.example/cb?x=y&"),
            ("https://a.example/cb?", "https://a.example/cb?"), ("app:/cb", "app:/cb?"),
        ] {
            let uri = try #require(RedirectURI(text))
            #expect(uri.adding(parameters) == start + "code=a%20b%26c%3Dd&state=%C3%A4%2B%2F")
        }
    }

    @Test(
        "the source for a policy",
        arguments: [
            ("https://a.example/cb?x", "https://a.example"), ("http://127.0.0.1:8080/cb", "http://127.0.0.1:8080"),
            ("http://[::1]:80/", "http:"), ("com.example.app:/cb", "com.example.app:"), ("myapp://host/", "myapp:"),
        ])
    func policySource(text: String, source: String) throws {
        #expect(try #require(RedirectURI(text)).policySource == source)
    }
}
