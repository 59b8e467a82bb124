@testable import MediaHTTP

extension TestServer {
    /// Runs a server with a certificate.
    static func runEncrypted(
        _ limits: ConnectionLimits = ConnectionLimits(), _ body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let pair = try TestCertificate()
        defer { pair.remove() }
        var settings = ServerSettings()
        settings.certificates = try TLSCertificates(certificatePath: pair.certificate, keyPath: pair.key)
        settings.limits = limits
        try await run(settings, body: body)
    }
}
