import Testing

@testable import OAuth

@Suite("Percent encoding (RFC 5849 §3.6)")
struct PercentEncodingTests {
    @Test(
        "there is one form of each text",
        arguments: [
            ("abcXYZ019-._~", "abcXYZ019-._~"), (" ", "%20"), ("+", "%2B"), ("/", "%2F"), ("=&%", "%3D%26%25"),
            ("Ladies + Gentlemen", "Ladies%20%2B%20Gentlemen"), ("An encoded string!", "An%20encoded%20string%21"),
            ("Dogs, Cats & Mice", "Dogs%2C%20Cats%20%26%20Mice"), ("☃", "%E2%98%83"), ("", ""),
        ])
    func encoding(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decode(Array(encoded.utf8)) == Array(text.utf8))
    }

    @Test("small letters are read, a plus is a plus, a broken escape is none")
    func decoding() {
        #expect(PercentEncoding.decode(Array("%2b+%c3%A9".utf8)) == Array("++é".utf8))
        for broken in ["%", "%2", "%G0", "%0G", "a%-1", "%%41"] {
            #expect(PercentEncoding.decode(Array(broken.utf8)) == nil, "\(broken)")
        }
    }

    /// Every way in which clients write the same query.
    @Test(
        "whatever form a query has, its one form is signed",
        arguments: [
            ("a%20b", "a%20b"), ("a+b", "a%20b"), ("%7e%2D", "~-"), ("1,2", "1%2C2"), ("1%2c2", "1%2C2"),
            ("%41", "A"), ("100%", "100%25"), ("%zz", "%25zz"), ("%2", "%252"), ("%+1", "%25%201"), ("é", "%C3%A9"),
            ("%ff", "%FF"),
        ])
    func normalizing(text: String, encoded: String) {
        var bytes: [UInt8] = []
        PercentEncoding.append(urlencoded: Array(text.utf8), space: .percent20, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == encoded)
    }
}
