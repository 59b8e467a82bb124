import Foundation
import OAuth

extension FuzzTarget {
    private static let header = """
        OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", \
        oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D", oauth_signature_method="HMAC-SHA1", \
        oauth_timestamp="1318622958", oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", \
        oauth_version="1.0"
        """

    /// `Authorization: OAuth …`: what is accepted is within the limits, and written anew it is read as the same.
    static let oauthHeader = FuzzTarget(
        "oauth-header",
        seeds: [
            header, header.replacingOccurrences(of: ", ", with: ","), header + ",",
            header + ", oauth_callback=\"oob\", realm=\"\"", "oauth\t" + header.dropFirst(6),
            #"OAuth oauth_consumer_key="a",oauth_signature="AAAAAAAAAAAAAAAAAAAAAAAAAAA%3d""#,
        ].map { Array($0.utf8) },
        tokens: [
            "OAuth ", "oauth_consumer_key=", "oauth_token=\"\"", "oauth_callback=", "realm=", "\"", ",", " ", "=", "%",
            "%2B", "%00", "%C3%A9", "%FF", "oauth_version=\"1.0\"", "oauth_nonce=\"a\"", "oauth_timestamp=\"1\"",
        ]
    ) { input in
        let text = String(decoding: input, as: UTF8.self)
        let read: OAuthAuthorization
        do throws(OAuthAuthorization.Fault) {
            read = try OAuthAuthorization(header: text)
        } catch {
            try require(error != .tooLarge || text.utf8.count > 48, "\(text.utf8.count) bytes are too large")
            return
        }
        try require(OAuthAuthorization.isScheme(of: text), "accepted, but of another scheme")
        try require(text.utf8.count <= OAuthAuthorization.maxBytes, "\(text.utf8.count) bytes")
        try require(read.signed.count <= OAuthAuthorization.maxParameters, "\(read.signed.count) parameters")
        try require(Set(read.signed.map(\.name)).count == read.signed.count, "a parameter twice")
        try require(!read.signed.contains { $0.name == "oauth_signature" }, "the signature is signed")
        try require(read.signature.bytes.count == 20 && read.timestamp > 0, "\(read.signature), \(read.timestamp)")
        try require(!read.consumerKey.isEmpty && read.token?.isEmpty != true, "an empty name")
        try require(read["oauth_nonce"]?.isEmpty == false, "no nonce")
        let fields =
            read.signed.map { ($0.name, $0.value) } + [("oauth_signature", read.signature.base64)]
        let written = fields.map { "\(PercentEncoding.encode($0))=\"\(PercentEncoding.encode($1))\"" }
        let header = "OAuth " + written.joined(separator: ", ")
        guard header.utf8.count <= OAuthAuthorization.maxBytes else { return }
        let again = try OAuthAuthorization(header: header)
        try require(again.signed == read.signed && again.signature == read.signature, "written anew: \(again.signed)")
        try require(again.token == read.token && again.timestamp == read.timestamp, "written anew: another")
    }

    /// Percent encoding: one form of each text, from which the text comes back; and parameters have one normal form.
    static let percentEncoding = FuzzTarget(
        "percent-encoding",
        seeds: [
            "Ladies + Gentlemen", "An%20encoded%20string!", "a=1&b=%41+%2b&=&a=1", "caf%C3%A9=%zz&%", "☃=-._~",
            "%e2%98%83",
        ].map { Array($0.utf8) },
        tokens: ["%", "%2", "%2b", "%2B", "+", "&", "=", "%00", "%25", "%26", "%3D", "é"]
    ) { input in
        let text = String(decoding: input, as: UTF8.self)
        let encoded = PercentEncoding.encode(text)
        try require(encoded.utf8.allSatisfy(isEncodedByte), "\(encoded)")
        try require(PercentEncoding.decode(encoded.utf8) == Array(text.utf8), "\(encoded) does not come back")
        // As Foundation reads what is UTF-8; of other bytes, and of zero bytes, it has opinions of its own.
        if let decoded = PercentEncoding.decode(input), let plain = String(validating: decoded, as: UTF8.self),
            let text = String(validating: input, as: UTF8.self), !plain.utf8.contains(0)
        {
            try require(text.removingPercentEncoding.map { $0.utf8.elementsEqual(decoded) } ?? true, "not \(plain)")
        }
        if let decoded = PercentEncoding.decode(input) {
            try require(decoded.count == input.count - 2 * input.count { $0 == 0x25 }, "\(decoded.count) bytes")
        }
        let normal = normalized(input)
        try require(normalized(normal) == normal, "another normal form")
        let shuffled = input.split(separator: 0x26).reversed().joined(separator: [0x26])
        try require(normalized(Array(shuffled)) == normal, "the order counts")
    }

    private static func normalized(_ form: [UInt8]) -> [UInt8] {
        var parameters = SignatureParameters()
        parameters.add(urlencoded: form)
        return parameters.normalized
    }

    private static func isEncodedByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x25: true
        default: false
        }
    }

    /// Addresses to which answers may go: other readers of one find the same place in it.
    static let redirectURI = FuzzTarget(
        "redirect-uri",
        seeds: [
            "https://app.example/done?a=b", "http://127.0.0.1:8080/callback", "http://[::1]:1/",
            "com.example.app:/done",
            "HTTPS://Example.ORG", "myapp://callback?x", "https://a.example:443/%2e%2e/b;c=d",
        ].map { Array($0.utf8) },
        tokens: [
            "http://", "https://", "://", ":", "/", "//", "@", "[", "]", "::1", "?", "#", "\\", "%2f", "..",
            "127.0.0.1",
        ]
    ) { input in
        let text = String(decoding: input, as: UTF8.self)
        guard let address = RedirectURI(text) else { return }
        try require(address.permits(address), "does not permit itself")
        try require(!text.contains("#") && !text.contains("\\") && text.utf8.count <= 2048, "\(text)")
        if let other = URLComponents(string: text) {
            try require(other.scheme?.lowercased() == address.scheme, "scheme \(other.scheme ?? "none")")
            try require(other.user == nil && other.fragment == nil, "user or fragment")
            let host = other.host.map { $0.lowercased() } ?? ""
            try require(host == (address.host ?? ""), "host \(host), not \(address.host ?? "none")")
            try require(other.port == address.port, "port \(other.port ?? -1)")
        }
        let answer = address.adding([("code", "a b&c"), ("state", "é")])
        let carried = RedirectURI(answer)
        try require(carried != nil || answer.utf8.count > 2048, "no address: \(answer)")
        try require(carried.map { $0.host == address.host && $0.port == address.port } ?? true, "elsewhere: \(answer)")
        try require(answer.hasSuffix("code=a%20b%26c&state=%C3%A9"), "\(answer)")
    }
}
