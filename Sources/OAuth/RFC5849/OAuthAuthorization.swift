/// The header `Authorization: OAuth …`, read (RFC 5849 §3.5.1).
package struct OAuthAuthorization: Sendable {
    /// Why a header is none.
    package enum Fault: Error, Sendable, Equatable {
        /// More than ``OAuthAuthorization/maxBytes`` or ``OAuthAuthorization/maxParameters``.
        case tooLarge
        /// Not `name="value", …`, or a value that is not percent-encoded UTF-8.
        case malformed
        /// A parameter stands there twice.
        case repeated
        /// A parameter that every request needs is not there.
        case missing(String)
        /// Another method than HMAC-SHA1, the only one that X takes.
        case method
        /// Another version than 1.0.
        case version
        /// `oauth_signature` is no base64 of 20 bytes.
        case signature
        /// `oauth_timestamp` is no positive whole number.
        case timestamp
    }

    /// A parameter of the header, decoded.
    package struct Parameter: Sendable, Equatable {
        /// `oauth_token` for example.
        package let name: String
        /// The value.
        package let value: String
    }

    /// The most bytes of a header: several times what clients send.
    package static let maxBytes = 4096
    /// The most parameters.
    package static let maxParameters = 24

    /// All parameters that are signed: without `realm` and `oauth_signature`.
    package let signed: [Parameter]
    /// `oauth_consumer_key`: names the app.
    package let consumerKey: String
    /// `oauth_token`; nil in a request for a request token.
    package let token: String?
    /// `oauth_signature`.
    package let signature: Signature
    /// `oauth_timestamp`: seconds since 1970.
    package let timestamp: Int64

    /// Whether a header has the scheme `OAuth`, in any case of letters.
    package static func isScheme(of header: String) -> Bool { text(of: header) != nil }

    /// Reads a header.
    ///
    /// - Throws: ``Fault``.
    package init(header: String) throws(Fault) {
        guard header.utf8.count <= Self.maxBytes else { throw .tooLarge }
        guard let text = Self.text(of: header) else { throw .malformed }
        var scanner = Scanner(text: text)
        var parameters: [Parameter] = []
        while let parameter = try scanner.next() {
            guard parameters.count < Self.maxParameters else { throw .tooLarge }
            guard !parameters.contains(where: { $0.name == parameter.name }) else { throw .repeated }
            parameters.append(parameter)
        }
        func value(_ name: String) -> String? {
            parameters.first { $0.name == name }?.value
        }
        func required(_ name: String) throws(Fault) -> String {
            guard let value = value(name), !value.isEmpty else { throw .missing(name) }
            return value
        }
        consumerKey = try required("oauth_consumer_key")
        guard try required("oauth_signature_method").uppercased() == "HMAC-SHA1" else { throw .method }
        guard let signature = Signature(base64: try required("oauth_signature")) else { throw .signature }
        self.signature = signature
        if let version = value("oauth_version"), version != "1.0" { throw .version }
        let seconds = try required("oauth_timestamp")
        guard seconds.utf8.count <= 12, seconds.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let timestamp = Int64(seconds), timestamp > 0
        else { throw .timestamp }
        self.timestamp = timestamp
        _ = try required("oauth_nonce")
        // Some clients send an empty one while they have none.
        token = value("oauth_token").flatMap { $0.isEmpty ? nil : $0 }
        signed = parameters.filter { $0.name != "oauth_signature" && $0.name.lowercased() != "realm" }
    }

    /// The value of a signed parameter, `oauth_callback` for example.
    package subscript(name: String) -> String? { signed.first { $0.name == name }?.value }

    private static func text(of header: String) -> Substring.UTF8View? {
        let scheme = header.utf8.prefix { $0 != 0x20 && $0 != 0x09 }
        guard scheme.count == 5, String(Substring(scheme)).lowercased() == "oauth" else { return nil }
        return header.utf8.dropFirst(5)
    }
}

/// Reads `name="value"` with commas and white space between.
private struct Scanner {
    var text: Substring.UTF8View

    mutating func next() throws(OAuthAuthorization.Fault) -> OAuthAuthorization.Parameter? {
        // Some clients write a comma behind the last parameter.
        text = text.drop { Self.isSpace($0) || $0 == UInt8(ascii: ",") }
        guard !text.isEmpty else { return nil }
        let name = text.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ",") }
        text = text.dropFirst(name.count)
        guard text.popFirst() == UInt8(ascii: "="), text.popFirst() == UInt8(ascii: "\"") else { throw .malformed }
        let value = text.prefix { $0 != UInt8(ascii: "\"") }
        text = text.dropFirst(value.count)
        guard text.popFirst() == UInt8(ascii: "\"") else { throw .malformed }
        text = text.drop(while: Self.isSpace)
        guard text.isEmpty || text.first == UInt8(ascii: ",") else { throw .malformed }
        guard !name.isEmpty, let name = Self.decoded(name), let value = Self.decoded(value) else { throw .malformed }
        return OAuthAuthorization.Parameter(name: name, value: value)
    }

    private static func decoded(_ text: Substring.UTF8View) -> String? {
        guard let bytes = PercentEncoding.decode(text) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
