import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A signature: the 20 bytes of an HMAC-SHA1.
package struct Signature: Sendable {
    /// 20 bytes.
    package let bytes: [UInt8]

    fileprivate init(_ code: HMAC<Insecure.SHA1>.MAC) { bytes = Array(code) }

    /// Reads base64; nil when it is no base64 of 20 bytes.
    package init?(base64 text: String) {
        guard text.utf8.count == 28, let data = Data(base64Encoded: text), data.count == 20 else { return nil }
        bytes = Array(data)
    }

    /// The value of `oauth_signature`.
    package var base64: String { Data(bytes).base64EncodedString() }

    /// Compares without telling by its duration where two signatures begin to differ.
    package static func == (left: Signature, right: Signature) -> Bool {
        isEqualInConstantTime(left.bytes, right.bytes)
    }
}

/// The key of signatures with the method HMAC-SHA1 (RFC 5849 §3.4.2).
package struct SigningKey: Sendable {
    /// With the key worked in, so that each signature costs its text only.
    private let code: HMAC<Insecure.SHA1>

    /// Makes the key.
    ///
    /// - Parameters:
    ///   - consumerSecret: the app's secret.
    ///   - tokenSecret: the token's secret; empty for a request without a token.
    package init(consumerSecret: String, tokenSecret: String) {
        let text = PercentEncoding.encode(consumerSecret) + "&" + PercentEncoding.encode(tokenSecret)
        code = HMAC(key: SymmetricKey(data: Array(text.utf8)))
    }

    /// The signature of a base string.
    ///
    /// - Parameters:
    ///   - method: the request's method.
    ///   - url: scheme, host and path, as ``BaseURL`` writes them.
    ///   - parameters: all parameters, sorted and joined.
    /// - Returns: the code; in base64 it is the value of `oauth_signature`.
    package func signature(method: String, url: [UInt8], parameters: [UInt8]) -> Signature {
        var code = code
        code.update(data: BaseString.bytes(method: method, url: url, parameters: parameters))
        return Signature(code.finalize())
    }
}

/// The text that is signed (RFC 5849 §3.4.1.1).
package enum BaseString {
    /// Joins method, URL and parameters: `POST&https%3A%2F%2Fapi.x.com%2F…&include_entities%3Dtrue%26…`.
    package static func bytes(method: String, url: [UInt8], parameters: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(method.utf8.count + url.count * 2 + parameters.count * 2)
        PercentEncoding.append(method.uppercased().utf8, to: &text)
        text.append(UInt8(ascii: "&"))
        PercentEncoding.append(url, to: &text)
        text.append(UInt8(ascii: "&"))
        PercentEncoding.append(parameters, to: &text)
        return text
    }
}

/// The URL that is signed: scheme, host and path (RFC 5849 §3.4.1.2).
package enum BaseURL {
    /// Joins an origin and a path.
    ///
    /// - Parameters:
    ///   - origin: scheme, host and port; a path may follow, when a proxy serves a part of its paths.
    ///   - path: the request's path as it came over the wire.
    /// - Returns: the URL with scheme and host in lower case and without the scheme's own port.
    package static func join(origin: String, path: String) -> [UInt8] {
        var text = Array(normalized(origin).utf8)
        text += path.isEmpty ? [UInt8(ascii: "/")] : Array(path.utf8)
        return text
    }

    /// The origin in lower case, without the port that its scheme implies, and without a slash at the end.
    package static func normalized(_ origin: String) -> String {
        guard let colon = origin.utf8.firstIndex(of: UInt8(ascii: ":")), origin[colon...].hasPrefix("://") else {
            return origin
        }
        let scheme = origin[..<colon].lowercased()
        let rest = origin[colon...].dropFirst(3)
        var host = rest.prefix { $0 != "/" }.lowercased()
        var path = rest.drop { $0 != "/" }
        while path.last == "/" { path.removeLast() }
        let implied = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(implied) { host.removeLast(implied.count) }
        return "\(scheme)://\(host)\(path)"
    }
}
