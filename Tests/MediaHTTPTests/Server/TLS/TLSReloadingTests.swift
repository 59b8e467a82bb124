import Foundation
import Logging
import MediaCore
import Testing

@testable import MediaHTTP

/// Certificates that are replaced badly while the server runs: the old one stays in force, and the next good one counts.
@Suite("Certificates replaced badly", .timeLimit(.minutes(1)))
struct TLSReloadingTests {
    private let shown: TestCertificate
    private let next: TestCertificate

    init() throws {
        shown = try TestCertificate()
        next = try TestCertificate()
    }

    private func remove() {
        shown.remove()
        next.remove()
    }

    private func text(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

    private func write(_ bytes: some Sequence<UInt8>, _ path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "a file that is cut anywhere is never shown, be it the certificate, one between it and the authority, or the key"
    )
    func cut() throws {
        defer { remove() }
        let certificates = try TLSCertificates(certificatePath: shown.certificate, keyPath: shown.key)
        let before = certificates.context
        // The second stands for one between: nothing here follows the chain.
        let chain = try text(next.certificate) + text(shown.certificate)
        let key = try text(next.key)
        try write(key, shown.key)
        for length in stride(from: 0, to: chain.count - 1, by: 37) where length != chain.count / 2 {
            try write(chain.prefix(length), shown.certificate)
            #expect(throws: TLSCertificates.Unusable.self, "\(length) of \(chain.count) bytes") {
                try certificates.reloadIfChanged()
            }
        }
        try write(chain, shown.certificate)
        for length in stride(from: 0, to: key.count - 1, by: 13) {
            try write(key.prefix(length), shown.key)
            #expect(throws: TLSCertificates.Unusable.self, "\(length) of \(key.count) bytes of the key") {
                try certificates.reloadIfChanged()
            }
        }
        #expect(certificates.context === before)
        try write(key, shown.key)
        #expect(try certificates.reloadIfChanged())
        #expect(certificates.context !== before)
    }

    @Test("half a certificate, then one with another's key, are complaints in the log; the whole pair is taken up")
    func log() async throws {
        defer { remove() }
        let certificates = try TLSCertificates(certificatePath: shown.certificate, keyPath: shown.key)
        let before = certificates.context
        let (log, clock) = (LogRecorder(), ManualClock())
        let service = TLSReloading(certificates, clock: clock, logger: log.logger)
        let running = Task { try await service.run() }
        defer { running.cancel() }
        func wait(forLines count: Int) async throws -> String {
            while log.lines.count < count {
                clock.advance(by: .seconds(5))
                try await Task.sleep(for: .milliseconds(20))
            }
            return log.lines[count - 1]
        }
        let whole = try text(next.certificate)
        try write(whole.prefix(whole.count / 2), shown.certificate)
        #expect(
            try await wait(forLines: 1).hasPrefix("error the changed certificate cannot be used, the old one stays"))
        #expect(certificates.context === before)
        try write(whole, shown.certificate)
        #expect(
            try await wait(forLines: 2).hasPrefix("error the changed certificate cannot be used, the old one stays"))
        #expect(certificates.context === before)
        try write(text(next.key), shown.key)
        #expect(try await wait(forLines: 3).hasPrefix("info a new certificate is in use"))
        #expect(certificates.context !== before)
    }
}
