package import Logging
package import MediaCore
import NIOCore
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

    /// Whether the file does not end within a boundary (RFC 7468, 2): the parser takes `-----BEGIN CERT` for text between
    /// certificates, and the certificates behind it, which are still to be written, would be missing.
    private static func lastLineIsComplete(_ path: String) -> Bool {
        // A file that cannot be read is the parser's to complain of.
        guard let file = fopen(path, "r") else { return true }
        defer { fclose(file) }
        guard fseek(file, 0, SEEK_END) == 0 else { return true }
        let size = ftell(file)
        // More than a line has.
        fseek(file, max(0, size - 200), SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = fread(&bytes, 1, bytes.count, file)
        let line = bytes.prefix(count).split(omittingEmptySubsequences: false) { $0 == 0x0A || $0 == 0x0D }.last ?? []
        let dashes = [UInt8](repeating: 0x2D, count: 5)
        return line.first != 0x2D
            || line.count > 10 && line.starts(with: dashes) && line.suffix(5).elementsEqual(dashes)
    }

    private static func context(_ certificatePath: String, _ keyPath: String) throws(Unusable) -> NIOSSLContext {
        do {
            guard lastLineIsComplete(certificatePath) else {
                throw Unusable(description: "\(certificatePath) ends in the middle of a line")
            }
            let chain = try NIOSSLCertificate.fromPEMFile(certificatePath)
            guard !chain.isEmpty else { throw Unusable(description: "\(certificatePath) holds no certificate") }
            let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            // RFC 9113, 9.2: HTTP/2 needs TLS 1.2.
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["h2", "http/1.1"]
            // For the client's closing message, which nothing depends on: HTTP says itself what is complete.
            configuration.shutdownTimeout = .seconds(2)
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
