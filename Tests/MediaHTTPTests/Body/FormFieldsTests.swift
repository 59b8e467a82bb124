import Testing

@testable import MediaHTTP

/// The parser of https://url.spec.whatwg.org/#urlencoded-parsing.
@Suite("application/x-www-form-urlencoded")
struct FormFieldsTests {
    @Test(
        "fields are split, then decoded",
        arguments: [
            ("", []), ("a=b", ["a=b"]), ("a=b&c=d", ["a=b", "c=d"]), ("&&a=b&", ["a=b"]), ("a", ["a="]), ("=b", ["=b"]),
            ("a=b=c", ["a=b=c"]), ("a+b=c+d", ["a b=c d"]), ("a=%2Fb%3d", ["a=/b="]), ("a=%", ["a=%"]),
            ("a=%4", ["a=%4"]), ("a=%zz", ["a=%zz"]), ("a=%C3%A4", ["a=ä"]), ("a=%FF", ["a=\u{FFFD}"]),
            ("media.fields=a,b", ["media.fields=a,b"]), ("a=1&a=2", ["a=1", "a=2"]), ("a=%26&b=%3D", ["a=&", "b=="]),
        ])
    func parses(text: String, fields: [String]) {
        #expect(FormFields(urlencoded: text).fields.map { "\($0.name)=\($0.value)" } == fields)
    }

    @Test("of fields with one name, the first is the value")
    func first() {
        let fields = FormFields(urlencoded: "a=1&b=2&a=3")
        #expect(fields["a"] == "1")
        #expect(fields["c"] == nil)
        #expect(fields.without("a").fields.map(\.name) == ["b"])
        #expect(FormFields(urlencoded: "l=a,b,,a").list("l") == ["a", "b"])
    }
}
