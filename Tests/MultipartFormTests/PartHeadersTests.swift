import MultipartForm
import Testing

@Suite("The header of a part, RFC 7578 §4")
struct PartHeadersTests {
    @Test(
        "names and file names in all their spellings",
        arguments: [
            (#"name="a b""#, "a b", nil),
            (#"name=a; filename=b.png"#, "a", "b.png"),
            (#"NAME="a";FileName="b.png""#, "a", "b.png"),
            (#"filename="b.png"; name="a""#, "a", "b.png"),
            (#"name="a"; filename="""#, "a", ""),
            (#"name="a"; filename="x;y=z.png""#, "a", "x;y=z.png"),
            (#"name="a"; filename="say \"hi\" \\ there""#, "a", #"say "hi" \ there"#),
            (#"name="a"; filename="C:\new\file.png""#, "a", #"C:\new\file.png"#),
            (#"name="a%22b"; filename="c%0d%0Ad%22e%41%zz%2""#, "a\"b", "c\r\nd\"e%41%zz%2"),
            (#"name="ä"; filename="日本.png""#, "ä", "日本.png"),
            (#"name="a"; filename*=UTF-8''%e2%82%ac%20rates.png"#, "a", "€ rates.png"),
            (#"name="a"; filename="x"; filename*=utf-8'de'%C3%A4"#, "a", "ä"),
            (#"name="a"; filename*=ISO-8859-1''%E4"#, "a", "ä"),
            (#"name="a"; filename*=utf-8''%-0%+1"#, "a", "%-0%+1"),
            (#"name="a"; filename="x"; filename*=KOI8-R''%E4"#, "a", "x"),
            (#"name="a"; filename="x"; filename*=nonsense"#, "a", "x"),
            (#"name="a";"#, "a", nil),
        ] as [(String, String, String?)])
    func names(disposition: String, name: String, filename: String?) throws {
        let form = try parse("--X\r\nContent-Disposition: form-data; \(disposition)\r\n\r\n\r\n--X--")
        #expect(form == Form(.init(name, filename: filename)))
    }

    @Test("bytes of a file name that are no UTF-8 are replaced, not refused")
    func notUTF8() throws {
        let head = Array("--X\r\nContent-Disposition: form-data; name=a; filename=\"".utf8)
        let form = try parse(head + [0x61, 0xE4, 0x62] + Array("\"\r\n\r\n\r\n--X--".utf8))
        #expect(form.parts.first?.headers.filename == "a\u{FFFD}b")
    }

    @Test(
        "transfer encodings, in any case",
        arguments: [
            ("7bit", ContentTransferEncoding.sevenBit), ("8BIT", .eightBit), ("Binary", .binary), ("BASE64", .base64),
        ])
    func transferEncodings(value: String, encoding: ContentTransferEncoding) throws {
        let header = "Content-Transfer-Encoding: \(value) \r\nContent-Disposition: form-data; name=a\r\n\r\n"
        let form = try parse("--X\r\n\(header)\r\n--X--")
        #expect(form.parts.first?.headers.contentTransferEncoding == encoding)
    }

    @Test("without a transfer encoding content is binary, and the type is as it was sent")
    func defaults() throws {
        let header = "Content-Type:  Image/PNG; a=b\t\r\nContent-Disposition: form-data; name=a\r\n\r\n"
        let form = try parse("--X\r\n\(header)\r\n--X--")
        #expect(form == Form(.init("a", type: "Image/PNG; a=b")))
        #expect(form.parts.first?.headers.contentTransferEncoding == .binary)
    }
}
