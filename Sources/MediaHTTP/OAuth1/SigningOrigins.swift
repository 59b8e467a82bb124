import MediaCore

/// Where clients may believe that they send their requests: what they sign is an address of their own making.
struct SigningOrigins: Sendable {
    /// The hosts that X's clients have built in (tweepy `api.py`, node-twitter-api-v2 `globals.ts`, xurl; read 2026-11-21),
    /// whose traffic somebody leads here.
    static let hardCoded = [
        "https://api.x.com", "https://api.twitter.com", "https://upload.twitter.com", "https://upload.x.com",
    ]

    let urls: MediaURLs

    /// The origins, the likeliest first.
    ///
    /// The `Host` header counts for the machine's own names only: a server whose address nobody set is reached as
    /// `localhost` and as `127.0.0.1`. Any other name would let a signature that somebody made for another server pass here.
    ///
    /// - Parameter host: the request's `Host`, with its port.
    /// - Returns: scheme, host and port of each.
    func candidates(host: String?) -> [String] {
        var origins = [urls.base]
        guard let host = host?.lowercased() else { return origins + Self.hardCoded }
        if let named = Self.hardCoded.firstIndex(where: { $0.hasSuffix("/\(host)") }) {
            origins.insert(Self.hardCoded[named], at: 0)
            return origins + Self.hardCoded.filter { $0 != origins[0] }
        }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        if ["localhost", "127.0.0.1", "[::1]"].contains(name), origins[0] != "http://\(host)" {
            origins.append("http://\(host)")
        }
        return origins + Self.hardCoded
    }
}
