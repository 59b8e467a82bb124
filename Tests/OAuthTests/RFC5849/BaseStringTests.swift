import Testing

@testable import OAuth

@Suite("The base string (RFC 5849 §3.4.1)")
struct BaseStringTests {
    /// §3.4.1.1 and §3.4.1.3.1 to the letter.
    @Test("the RFC's example")
    func example() throws {
        let header = """
            OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", \
            oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", \
            oauth_signature="djosJKDKJSD8743243%2Fjdk33klY%3D"
            """
        let authorization = try OAuthAuthorization(header: header)
        let request = SignedRequest(
            method: "post", path: "/request", query: "b5=%3D%253D&a3=a&c%40=&a2=r%20b", form: Array("c2&a3=2+q".utf8))
        let text = BaseString.bytes(
            method: request.method, url: BaseURL.join(origin: "http://EXAMPLE.COM:80", path: request.path),
            parameters: request.parameters(of: authorization, by: .standard))
        #expect(
            String(decoding: text, as: UTF8.self)
                == "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q"
                + "%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2"
                + "%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201"
                + "%26oauth_token%3Dkkk9d7dh3k39sjv7")
    }

    /// §3.4.1.2, with what proxies add.
    @Test(
        "scheme and host are lower case, an implied port is dropped, the path stays as it came",
        arguments: [
            ("http://EXAMPLE.COM:80", "/r%20v/X", "http://example.com/r%20v/X"),
            ("https://www.example.net:8080", "/", "https://www.example.net:8080/"),
            ("HTTPS://Example.net:443/", "/2/tweets", "https://example.net/2/tweets"),
            ("https://example.net:80", "", "https://example.net:80/"),
            ("http://example.net:443", "/a", "http://example.net:443/a"),
            ("https://example.net/Roost/", "/2/tweets", "https://example.net/Roost/2/tweets"),
            ("http://[::1]:8080", "/a", "http://[::1]:8080/a"),
        ])
    func url(origin: String, path: String, expected: String) {
        #expect(String(decoding: BaseURL.join(origin: origin, path: path), as: UTF8.self) == expected)
    }

    /// §3.4.1.3.2: by name and then by value, both encoded, byte by byte.
    @Test("parameters are sorted by encoded name, then by encoded value")
    func order() {
        var parameters = SignatureParameters()
        parameters.add(urlencoded: Array("z=1&a-b=2&a=9&a=10&a%20=3&A=4&%C3%A9=5&=6&a&&".utf8))
        #expect(
            String(decoding: parameters.normalized, as: UTF8.self)
                == "=6&%C3%A9=5&A=4&a=&a=10&a=9&a%20=3&a-b=2&z=1")
    }
}
