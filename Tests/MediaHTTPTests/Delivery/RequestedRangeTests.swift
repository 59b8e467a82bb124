import Testing

@testable import MediaHTTP

/// RFC 9110 §14.1.2; the file has 1000 bytes.
@Suite("Range")
struct RequestedRangeTests {
    @Test(
        "is one range of the file, everything, or nothing",
        arguments: [
            ("bytes=0-0", RequestedRange.part(0..<1)), ("bytes=0-499", .part(0..<500)),
            ("bytes=500-", .part(500..<1000)),
            ("bytes=-500", .part(500..<1000)), ("bytes=-5000", .part(0..<1000)), ("bytes=999-", .part(999..<1000)),
            ("bytes=0-5000", .part(0..<1000)), ("BYTES=1-2", .part(1..<3)), ("bytes= 1-2 ", .part(1..<3)),
            ("bytes=0-99999999999999999999999", .part(0..<1000)),
            ("bytes=1000-", .unsatisfiable), ("bytes=1000-2000", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999999-", .unsatisfiable),
            ("", .whole), ("bytes=", .whole), ("bytes=-", .whole), ("bytes=5-4", .whole),
            ("bytes=0-1,5-6", .whole), ("bytes=a-b", .whole), ("bytes=1-b", .whole), ("bytes=1", .whole),
            ("bytes=--5", .whole), ("bytes=+1-2", .whole), ("lines=0-1", .whole),
        ])
    func reads(header: String?, range: RequestedRange) {
        #expect(RequestedRange(header, size: 1000) == range)
    }

    @Test("no header asks for everything")
    func absent() {
        #expect(RequestedRange(nil, size: 1000) == .whole)
    }

    @Test("no range of an empty file can be given")
    func empty() {
        #expect(RequestedRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(RequestedRange("bytes=-1", size: 0) == .unsatisfiable)
    }
}
