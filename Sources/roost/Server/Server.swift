import FileBlobStore
import Foundation
import Hummingbird
import Logging
import MediaCore
import MediaHTTP
import MediaProcessing
import Metrics
import NIOCore
import NIOPosix
import SQLCatalog
import ServiceLifecycle
import UnixSignals
import XMedia

/// The composition root: opens what a data folder holds, connects the parts and runs them until a signal comes.
struct Server {
    let configuration: ServeConfiguration
    let logger: Logger

    /// Runs until SIGINT or SIGTERM, then finishes what is in flight.
    ///
    /// - Throws: ``CommandFailure`` when the server cannot start.
    func run() async throws {
        ProcessMemory.configure()
        let openFiles = OpenFiles.raiseLimit(logger: logger)
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(metrics)

        let folder = configuration.data
        try folder.create()
        let namer = BlobNamer()
        let lock = try await FolderLock(path: folder.lockPath, note: namer.bootID)
        defer { withExtendedLifetime(lock) {} }
        // Files have threads of their own: each sync holds one, and must not hold up the others.
        let files = NIOThreadPool(numberOfThreads: 16)
        files.start()
        let stores = try await openStores(in: folder, files: files)
        let sandbox = try await detectSandbox()
        let parts = try Parts(
            configuration: configuration, catalog: stores.catalog, blobs: stores.blobs, files: files, namer: namer,
            sealer: try KeyFile.sealer(in: folder), sandbox: sandbox, openFiles: openFiles, metrics: metrics,
            logger: logger)
        if try await !parts.identity.hasUsers() { try await welcome(parts.identity) }
        try await serve(parts)
        try await files.shutdownGracefully()
    }

    private func openStores(
        in folder: DataFolder, files: NIOThreadPool
    ) async throws -> (catalog: SQLCatalog, blobs: FileBlobStore) {
        let left = try folder.emptyScratch()
        if !left.isEmpty {
            logger.warning(
                "files of earlier jobs could not be removed",
                metadata: ["folder": "\(folder.scratchPath)", "names": "\(left.prefix(10).joined(separator: " "))"])
        }
        let catalog = try await folder.openCatalog(creating: true, durability: configuration.durability)
        // The folder's lock proves that whoever held a lease is gone.
        try await catalog.freeAllLeases()
        let blobs = try await FileBlobStore(
            root: folder.blobsPath, durability: configuration.durability, threadPool: files)
        return (catalog, blobs)
    }

    private func detectSandbox() async throws -> Sandbox {
        do {
            let sandbox = try await Sandbox.detect(configuration.sandbox, tools: configuration.tools)
            switch sandbox.kind {
            case .bubblewrap: logger.info("decoders run in a sandbox", metadata: ["sandbox": "\(sandbox)"])
            case .landlock: logger.warning("decoders run in the weaker sandbox", metadata: ["sandbox": "\(sandbox)"])
            case .off: logger.warning("decoders run without a sandbox", metadata: ["sandbox": "\(sandbox)"])
            }
            return sandbox
        } catch {
            throw CommandFailure("\(error); `--sandbox off` starts without one")
        }
    }

    /// On the first start: a user to begin with.
    private func welcome(_ identity: IdentityService) async throws {
        let user = try await identity.ensureUser(named: "demo")
        say(
            """
            A new data folder, with the user \(user.username). A token for it, and a password to sign in with:
              roost token create --data \(configuration.data.path) --user \(user.username)
              roost user passwd --data \(configuration.data.path) \(user.username)
            """)
    }

    private func serve(_ parts: Parts) async throws {
        if configuration.tls == nil, !["127.0.0.1", "::1", "localhost"].contains(configuration.host) {
            logger.warning(
                "the server listens beyond loopback without TLS: tokens can be read on the way; put a TLS proxy in front",
                metadata: ["host": "\(configuration.host)"])
        }
        let application = parts.server.application { address in
            // Every address of the machine is none that a client could call.
            let reached = ["0.0.0.0", "::"].contains(configuration.host) ? "localhost" : configuration.host
            let host = reached.contains(":") ? "[\(reached)]" : reached
            let url = "\(configuration.tls == nil ? "http" : "https")://\(host):\(address.port ?? 0)"
            parts.address.set(configuration.externalURL ?? url)
            say("Roost serves \(configuration.data.path) at \(url)")
            ProcessMemory.forgetCode()
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: ImagingService(pool: parts.imaging)), .init(service: parts.jobRunner),
            .init(service: parts.sweeper), .init(service: parts.expiredCredentials),
        ]
        if let certificates = parts.certificates {
            services.append(
                .init(service: TLSReloading(certificates, clock: SystemClock(), logger: logger)))
        }
        services.append(.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup))
        // Stopped from the last to the first: the server first, the image helpers when no job needs them any more.
        var group = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger)
        // A client that takes longer than this for one segment loses it; it was not acknowledged.
        group.maximumGracefulShutdownDuration = .seconds(20)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CommandFailure("\(configuration.host):\(configuration.port) is in use by another program")
        }
    }
}

/// Prints a line at once, also into a pipe.
private func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

/// Runs the image helpers until shutdown.
private struct ImagingService: Service {
    let pool: ImagingPool

    func run() async throws {
        await cancelWhenGracefulShutdown { await pool.run() }
    }
}
