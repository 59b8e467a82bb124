package import Logging
package import MediaCore
import NIOSSL
import ServiceLifecycle
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The certificate that the server shows, read again when its files change.
///
/// New connections get the new certificate; those that are open keep theirs. A pair that cannot be used, because only one
/// of its files is written yet for example, leaves the old one in force and is tried again.
package final class TLSCertificates: Sendable {
    /// Files that cannot be used as certificate and key.
    package struct Unusable: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// What tells a changed file: renamed ones have another number, rewritten ones another time or size.
    private struct Stamp: Equatable {
        let seconds: Int
        let nanoseconds: Int
        let size: Int
        let number: UInt64
    }

    private struct State {
        var context: NIOSSLContext
        var stamps: [Stamp?]
    }

    private let certificatePath: String
    private let keyPath: String
    private let state: Mutex<State>

    /// Reads both files.
    ///
    /// - Parameters:
    ///   - certificatePath: the server's certificate and those between it and the authority's, in PEM.
    ///   - keyPath: the certificate's private key, in PEM, without a passphrase.
    /// - Throws: ``Unusable``.
    package init(certificatePath: String, keyPath: String) throws(Unusable) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        let stamps = [Self.stamp(certificatePath), Self.stamp(keyPath)]
        state = Mutex(State(context: try Self.context(certificatePath, keyPath), stamps: stamps))
    }

    /// What the next connection is made with.
    var context: NIOSSLContext { state.withLock { $0.context } }

    /// Reads the files if one of them changed since they were read; returns whether there is a new certificate.
    ///
    /// - Throws: ``Unusable``; the old certificate stays. Not thrown again before a file changes again.
    package func reloadIfChanged() throws(Unusable) -> Bool {
        // Looked at before they are read: a change in between is found the next time.
        let stamps = [Self.stamp(certificatePath), Self.stamp(keyPath)]
        let isChanged = state.withLock { state in
            defer { state.stamps = stamps }
            return state.stamps != stamps
        }
        guard isChanged else { return false }
        let context = try Self.context(certificatePath, keyPath)
        state.withLock { $0.context = context }
        return true
    }

    private static func stamp(_ path: String) -> Stamp? {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        return Stamp(
            seconds: Int(found.st_mtim.tv_sec), nanoseconds: Int(found.st_mtim.tv_nsec), size: Int(found.st_size),
            number: UInt64(found.st_ino))
    }

    private static func context(_ certificatePath: String, _ keyPath: String) throws(Unusable) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
            guard !chain.isEmpty else { throw Unusable(description: "\(certificatePath) holds no certificate") }
            let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            // RFC 9113, 9.2: HTTP/2 needs TLS 1.2.
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["h2", "http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch let error as Unusable {
            throw error
        } catch {
            throw Unusable(description: "\(certificatePath) and \(keyPath) are no certificate with its key: \(error)")
        }
    }
}

/// Looks every few seconds whether the certificate's files changed.
package struct TLSReloading: Service {
    private let certificates: TLSCertificates
    private let clock: any WallClock
    private let logger: Logger

    package init(_ certificates: TLSCertificates, clock: any WallClock, logger: Logger) {
        self.certificates = certificates
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await clock.sleep(for: .seconds(5))) != nil {
                do {
                    if try certificates.reloadIfChanged() { logger.info("a new certificate is in use") }
                } catch {
                    logger.error(
                        "the changed certificate cannot be used, the old one stays", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
