import MultipartForm
import Testing

@Suite("A boundary, RFC 2046 §5.1.1")
struct MultipartBoundaryTests {
    @Test(
        "is read from a Content-Type, with and without quotes, names in any case",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"),
            ("multipart/form-data;boundary=abc", "abc"),
            ("Multipart/Form-Data ; BOUNDARY=abc ", "abc"),
            ("multipart/form-data; charset=utf-8; boundary=\"a b\"; x=y", "a b"),
            ("multipart/form-data; boundary=\"a:b?c=d/e(f),g\"", "a:b?c=d/e(f),g"),
            ("multipart/form-data; boundary=----=_Part_1:2", "----=_Part_1:2"),
            ("multipart/form-data; boundary=abc;", "abc"),
            (
                "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
                "----WebKitFormBoundary7MA4YWxkTrZu0gW"
            ),
        ])
    func read(contentType: String, boundary: String) throws {
        #expect(try MultipartBoundary(contentType: contentType).value == boundary)
    }

    @Test(
        "is refused with its reason",
        arguments: [
            ("", MultipartError.notFormData(found: "")),
            ("application/json; boundary=a", .notFormData(found: "application/json")),
            ("multipart/mixed; boundary=a", .notFormData(found: "multipart/mixed")),
            ("multipart/form-data", .missingBoundary(contentType: "multipart/form-data")),
            ("multipart/form-data; b=a", .missingBoundary(contentType: "multipart/form-data; b=a")),
            ("multipart/form-data; boundary", .missingBoundary(contentType: "multipart/form-data; boundary")),
            ("multipart/form-data; boundary=\"a", .missingBoundary(contentType: "multipart/form-data; boundary=\"a")),
            (
                "multipart/form-data; boundary=a; boundary=b",
                .missingBoundary(contentType: "multipart/form-data; boundary=a; boundary=b")
            ),
            ("multipart/form-data; boundary=", .invalidBoundary(found: "")),
            ("multipart/form-data; boundary=\"a \"", .invalidBoundary(found: "a ")),
            ("multipart/form-data; boundary=a*b", .invalidBoundary(found: "a*b")),
            ("multipart/form-data; boundary=\"a\r\nb\"", .invalidBoundary(found: "a\r\nb")),
            ("multipart/form-data; boundary=é", .invalidBoundary(found: "é")),
        ])
    func refused(contentType: String, error: MultipartError) {
        #expect(throws: error) { try MultipartBoundary(contentType: contentType) }
    }

    @Test("has 1 to 70 characters")
    func length() throws {
        let longest = String(repeating: "a", count: 70)
        #expect(try MultipartBoundary(longest).value == longest)
        #expect(throws: MultipartError.invalidBoundary(found: longest + "a")) { try MultipartBoundary(longest + "a") }
    }

    @Test("made at random is valid and differs each time")
    func random() throws {
        let boundaries = Set((0..<100).map { _ in MultipartBoundary.random() })
        #expect(boundaries.count == 100)
        for boundary in boundaries {
            #expect(try MultipartBoundary(boundary.value) == boundary)
        }
    }
}
