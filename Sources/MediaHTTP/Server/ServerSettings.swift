/// What an operator can set at the edge.
package struct ServerSettings: Sendable {
    /// The address to listen on.
    package var host: String
    /// The port; 0 lets the system choose one.
    package var port: Int
    /// The `Server` header; nil sends none.
    package var serverName: String?
    /// Origins that a browser's scripts may come from, exactly as in `Origin`; `*` for all, empty for none.
    package var corsOrigins: [String]
    /// Connections at once; more wait in the kernel's backlog.
    package var maxConnections: Int
    /// What one connection may cost.
    package var limits: ConnectionLimits
    /// The certificate with which connections are encrypted; nil for plain HTTP.
    package var certificates: TLSCertificates?
    /// Where proxies are whose word about the client counts.
    package var trustedProxies: [IPRange] = []

    package init(
        host: String = "127.0.0.1", port: Int = 8080, serverName: String? = "roost", corsOrigins: [String] = [],
        maxConnections: Int = 20_000,
        limits: ConnectionLimits = ConnectionLimits()
    ) {
        self.host = host
        self.port = port
        self.serverName = serverName
        self.corsOrigins = corsOrigins
        self.maxConnections = maxConnections
        self.limits = limits
    }
}
