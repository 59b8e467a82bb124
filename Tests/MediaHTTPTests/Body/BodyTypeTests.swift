import Testing

@testable import MediaHTTP

@Suite("Content types of bodies")
struct BodyTypeTests {
    @Test(
        "media types are compared without case and without their parameters",
        arguments: [
            (nil, BodyType.absent), ("", .absent), ("application/json", .json),
            ("APPLICATION/Json;charset=utf-8", .json),
            ("application/json ; charset=utf-8", .json), ("application/x-www-form-urlencoded", .form),
            ("multipart/form-data; boundary=b", .multipart("multipart/form-data; boundary=b")),
            ("multipart/mixed; boundary=b", .other), ("application/jsonx", .other), ("text/json", .other),
        ])
    func reads(contentType: String?, type: BodyType) {
        #expect(BodyType(contentType: contentType) == type)
    }
}
