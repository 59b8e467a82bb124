import HTTPTypes
import NIOCore

/// Where a request came from, as far as those can be believed who say it.
package struct ClientOrigin: Sendable, Equatable {
    /// The client's address; nil when there is none, as over a Unix socket.
    package let address: IPAddress?
    /// Whether the client's way to the server, or to its proxy, was encrypted.
    package let isSecure: Bool

    package init(address: IPAddress?, isSecure: Bool) {
        self.address = address
        self.isSecure = isSecure
    }

    /// Reads what proxies say about the client.
    ///
    /// Only what a trusted proxy wrote counts: everybody can send these headers. Each proxy appends the address that it saw
    /// to `X-Forwarded-For`, so from the right the first address that is no trusted proxy's is the client's.
    ///
    /// - Parameters:
    ///   - remote: the other end of the connection.
    ///   - isSecure: whether the connection is encrypted.
    ///   - headers: the request's.
    ///   - trusted: where trusted proxies are.
    init(remote: IPAddress?, isSecure: Bool, headers: HTTPFields, trusted: [IPRange]) {
        guard let remote, trusted.contains(where: { $0.contains(remote) }) else {
            self.init(address: remote, isSecure: isSecure)
            return
        }
        var address = remote
        let hops = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }
        // More than that no chain of proxies has; the rest is the client's invention.
        for hop in hops.reversed().prefix(32) {
            guard let next = Self.address(of: hop) else { break }
            address = next
            guard trusted.contains(where: { $0.contains(next) }) else { break }
        }
        let schemes = headers[values: .forwardedProto].flatMap { $0.split(separator: ",") }
        let scheme = schemes.last.map { $0.filter { $0 != " " }.lowercased() }
        self.init(address: address, isSecure: scheme.map { $0 == "https" } ?? isSecure)
    }

    /// An entry of the list: an address, some proxies write a port behind it.
    private static func address(of hop: Substring) -> IPAddress? {
        let text = hop.filter { $0 != " " && $0 != "\t" }
        if let address = IPAddress(text) { return address }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            return IPAddress(String(text[text.index(after: text.startIndex)..<end]))
        }
        let parts = text.split(separator: ":")
        return parts.count == 2 ? IPAddress(String(parts[0])) : nil
    }
}

extension RoostContext {
    /// Where the request came from.
    package var origin: ClientOrigin { exchange.origin }
}

extension HTTPField.Name {
    /// https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For; the names are valid, so there is a
    /// value.
    fileprivate static let forwardedFor = HTTPField.Name("x-forwarded-for")!
    fileprivate static let forwardedProto = HTTPField.Name("x-forwarded-proto")!
}
