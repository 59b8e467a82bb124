/// An address to which a browser may carry the answer to an authorization request (RFC 6749 §3.1.2).
package struct RedirectURI: Sendable, Equatable {
    /// The address as it was written.
    package let text: String
    /// The scheme in lower case; an app's own one is possible (RFC 8252 §7.1).
    package let scheme: String
    /// The host in lower case, `[::1]` with its brackets; nil for a scheme without authority (`com.example.app:/done`).
    package let host: String?
    /// The port, if one is written.
    package let port: Int?
    /// What follows the authority: path and query.
    private let rest: Substring

    /// Schemes that a browser carries out instead of going there.
    private static let forbidden: Set<String> = [
        "about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source",
    ]

    /// Reads an absolute address; nil when it is none that an answer may go to.
    ///
    /// There must be no fragment (RFC 6749 §3.1.2), no user information (`http://127.0.0.1@evil.example` is a place at
    /// evil.example), and only characters that RFC 3986 has for addresses: nothing that another reader of the address
    /// understands in another way.
    package init?(_ text: String) {
        guard (1...2048).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAddressByte),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        let scheme = text[..<colon].lowercased()
        guard let first = scheme.utf8.first, (0x61...0x7A).contains(first),
            scheme.utf8.allSatisfy({ Self.isLetterOrDigit($0) || [0x2B, 0x2D, 0x2E].contains($0) }),
            !Self.forbidden.contains(scheme)
        else { return nil }
        self.text = text
        self.scheme = scheme
        let after = text[text.index(after: colon)...]
        guard after.hasPrefix("//") else {
            // Without authority it must be an app's own scheme, with something to go to.
            guard scheme != "http", scheme != "https", !after.isEmpty else { return nil }
            host = nil
            port = nil
            rest = after
            return
        }
        let authority = after.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        guard let (host, port) = Self.hostAndPort(authority) else { return nil }
        guard !host.isEmpty || (scheme != "http" && scheme != "https") else { return nil }
        self.host = host
        self.port = port
        rest = after.dropFirst(2 + authority.count)
    }

    /// Whether an app that registered this address may have answers sent to the other one.
    ///
    /// They must be equal byte by byte (RFC 9700 §4.1.3), but for the port of a loopback address, which a program on the
    /// user's machine takes when it starts (RFC 8252 §7.3).
    package func permits(_ requested: RedirectURI) -> Bool {
        if text == requested.text { return true }
        return scheme == "http" && requested.scheme == "http" && isLoopback && requested.isLoopback
            && host == requested.host && rest == requested.rest
    }

    /// Whether it leads to the user's own machine.
    package var isLoopback: Bool { host == "127.0.0.1" || host == "[::1]" || host == "localhost" }

    /// The address with parameters added to its query, encoded as RFC 6749 appendix B says.
    package func adding(_ parameters: [(name: String, value: String)]) -> String {
        let query = parameters.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
            .joined(separator: "&")
        guard text.contains("?") else { return "\(text)?\(query)" }
        return text.hasSuffix("?") || text.hasSuffix("&") ? text + query : "\(text)&\(query)"
    }

    /// What a `form-action` of a Content-Security-Policy must permit, as browsers apply it to the redirect that follows a
    /// form: the origin, or the scheme where there is none, or where the policy's grammar has no such host.
    package var policySource: String {
        guard let host, !host.isEmpty, !host.hasPrefix("["), scheme == "http" || scheme == "https" else {
            return "\(scheme):"
        }
        return "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "")
    }

    private static func hostAndPort(_ authority: Substring) -> (String, Int?)? {
        var host = authority
        var port: Int?
        let afterBracket = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.startIndex
        guard let afterBracket else { return nil }
        if let colon = authority[afterBracket...].firstIndex(of: ":") {
            let digits = authority[authority.index(after: colon)...]
            guard let number = Int(digits), (1...65535).contains(number),
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            host = authority[..<colon]
            port = number
        }
        let isLiteral = host.hasPrefix("[")
        guard
            host.utf8.allSatisfy({ byte in
                isLetterOrDigit(byte) || (isLiteral ? [0x3A, 0x5B, 0x5D].contains(byte) : false)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }), !isLiteral || host.hasSuffix("]")
        else { return nil }
        return (host.lowercased(), port)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
    }

    /// unreserved, pct-encoded, gen-delims but `#`, sub-delims (RFC 3986 §2).
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "-._~%:/?[]@!$&'()*+,;=".utf8.contains(byte)
    }
}
