import HTTPTypes
import NIOCore
import Testing

@testable import MediaHTTP

@Suite("Where a request came from")
struct ClientOriginTests {
    private let trusted = ["10.0.0.0/8", "192.0.2.9", "2001:db8::/32"].compactMap { IPRange($0) }

    private func origin(
        _ remote: String, _ forwarded: [String] = [], proto: String? = nil, isSecure: Bool = false
    ) throws -> ClientOrigin {
        var headers = HTTPFields()
        let name = try #require(HTTPField.Name("x-forwarded-for"))
        for value in forwarded { headers.append(HTTPField(name: name, value: value)) }
        if let proto, let name = HTTPField.Name("x-forwarded-proto") { headers[name] = proto }
        return ClientOrigin(
            remote: IPAddress(remote), isSecure: isSecure, headers: headers, trusted: trusted)
    }

    @Test("what somebody says who is no trusted proxy means nothing")
    func untrusted() throws {
        let origin = try origin("198.51.100.1", ["203.0.113.7"], proto: "https")
        #expect(origin.address?.description == "198.51.100.1")
        #expect(!origin.isSecure)
        #expect(try self.origin("192.0.2.8", ["203.0.113.7"]).address?.description == "192.0.2.8")
    }

    @Test(
        "from the right, the first address that is no trusted proxy's is the client's",
        arguments: [
            (["203.0.113.7"], "203.0.113.7"),
            (["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
            (["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
            (["203.0.113.7, 10.1.1.1 ,192.0.2.9"], "203.0.113.7"),
            (["10.9.9.9"], "10.9.9.9"),
            ([], "10.0.0.1"),
            (["not an address"], "10.0.0.1"),
            (["203.0.113.7, junk, 10.1.1.1"], "10.1.1.1"),
            (["203.0.113.7:4711"], "203.0.113.7"),
            (["[2001:db9::1]:443"], "2001:db9::1"),
            (["2001:db9::1, 2001:db8::5"], "2001:db9::1"),
            (["::ffff:203.0.113.7"], "203.0.113.7"),
        ])
    func forwarded(headers: [String], expected: String) throws {
        #expect(try origin("10.0.0.1", headers).address?.description == expected)
    }

    @Test("a trusted proxy says whether the client came encrypted")
    func scheme() throws {
        #expect(try origin("10.0.0.1", proto: "https").isSecure)
        #expect(try !origin("10.0.0.1", proto: "http", isSecure: true).isSecure)
        #expect(try !origin("10.0.0.1", proto: "https, http").isSecure)
        #expect(try origin("10.0.0.1", isSecure: true).isSecure)
    }

    @Test("a list that never ends is not read to its end")
    func endless() throws {
        let list = Array(repeating: "10.1.1.1", count: 10_000).joined(separator: ",")
        #expect(try origin("10.0.0.1", ["6.6.6.6," + list]).address?.description == "10.1.1.1")
    }

    @Test(
        "ranges",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.16.0.0/12", "10.31.0.1", true),
            ("10.16.0.0/12", "10.32.0.1", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
            ("::/0", "8.8.8.8", true), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
            ("127.0.0.1", "::ffff:127.0.0.1", true), ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false),
        ])
    func ranges(range: String, address: String, expected: Bool) throws {
        #expect(try #require(IPRange(range)).contains(#require(IPAddress(address))) == expected)
    }

    @Test(
        "what is no range",
        arguments: [
            "", "/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "localhost", "::/129", "1/8", "10.0.0.0/8/8",
            "fe80::1%eth0",
        ])
    func noRange(text: String) { #expect(IPRange(text) == nil) }

    @Test("guesses of one household are counted together")
    func household() throws {
        #expect(try #require(IPAddress("2001:db8:1:2:3::9")).household == "2001:db8:1:2::/64")
        #expect(try #require(IPAddress("192.0.2.1")).household == "192.0.2.1")
    }
}
