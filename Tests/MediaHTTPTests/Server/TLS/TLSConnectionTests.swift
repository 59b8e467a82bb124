import NIOCore
import NIOPosix
import Testing

@testable import MediaHTTP

@Suite("TLS", .timeLimit(.minutes(2)))
struct TLSConnectionTests {
    @Test("a connection without a handshake, and one without requests, ends by itself")
    func idle() async throws {
        var limits = ConnectionLimits()
        limits.headTime = .seconds(3)
        limits.idleTime = .seconds(3)
        try await TestServer.runEncrypted(limits) { server in
            let client = try await HTTP2Client.connect(port: server.port)
            #expect(try await client.send("GET", "/hello").status == "200")
            try await client.channel.closeFuture.get()
            let silent = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: server.port).get()
            try await silent.closeFuture.get()
        }
    }

    @Test("a changed certificate is shown to new connections; one that cannot be used is not")
    func reload() async throws {
        let (first, second) = (try TestCertificate(), try TestCertificate())
        defer {
            first.remove()
            second.remove()
        }
        let certificates = try TLSCertificates(certificatePath: first.certificate, keyPath: first.key)
        let before = certificates.context
        #expect(try !certificates.reloadIfChanged())
        try second.replace(first, key: false)
        #expect(throws: TLSCertificates.Unusable.self) { try certificates.reloadIfChanged() }
        #expect(certificates.context === before)
        // Told once, not every few seconds.
        #expect(try !certificates.reloadIfChanged())
        try second.replace(first, key: true)
        #expect(try certificates.reloadIfChanged())
        #expect(certificates.context !== before)
        #expect(throws: TLSCertificates.Unusable.self) {
            try TLSCertificates(certificatePath: first.key, keyPath: first.certificate)
        }
        #expect(throws: TLSCertificates.Unusable.self) {
            try TLSCertificates(certificatePath: "/nonexistent", keyPath: "/nonexistent")
        }
    }
}
