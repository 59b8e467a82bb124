import Foundation
import Logging
import MediaCore
import MediaHTTP
import MediaProcessing
import MediaRules
import NIOPosix
import SQLCatalog

/// All parts of a server, made in the order of their dependencies and connected; nothing runs yet.
struct Parts {
    let identity: IdentityService
    let jobRunner: JobRunner
    let imaging: ImagingPool
    let sweeper: Sweeper
    let expiredCredentials: ExpiredCredentials
    let server: MediaServer
    let address: ServedAddress
    /// The certificate; nil for plain HTTP.
    let certificates: TLSCertificates?

    init(
        configuration: ServeConfiguration, catalog: SQLCatalog, blobs: any BlobStore, files: NIOThreadPool,
        namer: BlobNamer, sealer: SecretSealer, sandbox: Sandbox, openFiles: Int, metrics: PrometheusRegistry,
        logger: Logger
    ) throws {
        let clock = SystemClock()
        var core = configuration.core
        // A body that is received takes two descriptors beside its connection's: a file's and its folder's.
        core.receptionLimit = min(core.receptionLimit, max(16, openFiles / 8))
        let ids = SnowflakeSource(clock: clock, worker: 0)
        let context = CoreContext(
            catalog: catalog, blobs: blobs, clock: clock, ids: ids, namer: namer, logger: logger)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        address = ServedAddress()
        do {
            certificates = try configuration.tls.map { paths throws(TLSCertificates.Unusable) in
                try TLSCertificates(certificatePath: paths.certificate, keyPath: paths.key)
            }
        } catch {
            throw CommandFailure("\(error)")
        }

        identity = IdentityService(catalog: catalog, clock: clock, ids: ids)
        imaging = ImagingPool(.init(command: sandbox.imagingCommand, helpers: cores), logger: logger)
        let processor = SandboxedMediaProcessor(
            sandbox: sandbox, imaging: imaging, rules: core.rules, threads: cores,
            threadPool: files, logger: logger)
        jobRunner = JobRunner(
            context: context, processor: processor, slots: cores, scratch: configuration.data.scratchPath)
        sweeper = Sweeper(
            catalog: catalog, blobs: blobs, clock: clock, bootID: namer.bootID, discards: context.discards,
            logger: logger)

        expiredCredentials = ExpiredCredentials(catalog: catalog, clock: clock, logger: logger)
        let guesses = GuessLimiter(clock: clock)
        let apps = AppService(catalog: catalog, sealer: sealer, clock: clock, ids: ids, guesses: guesses)
        let audit = AuditLog(catalog: catalog, clock: clock, ids: ids)
        let oauth = OAuthServices(
            accounts: AccountService(
                catalog: catalog, passwords: PasswordHasher(), clock: clock, ids: ids, guesses: guesses, audit: audit),
            apps: apps,
            authorizations: AuthorizationService(
                catalog: catalog, apps: apps, identity: identity, clock: clock, ids: ids, audit: audit),
            oauth1: OAuth1Service(catalog: catalog, sealer: sealer, clock: clock, ids: ids, audit: audit))

        let services = RouteServices(
            uploads: UploadService(context: context, settings: core),
            media: MediaService(catalog: catalog, clock: clock),
            posts: PostService(catalog: catalog, clock: clock, ids: ids, settings: core),
            identity: identity, audit: audit, blobs: blobs, clock: clock, rules: core.rules, urls: MediaURLs(address),
            oauth: oauth, commandForm: configuration.commandForm)
        Self.addGauges(to: metrics, catalog: catalog, blobs: blobs)
        var settings = ServerSettings(
            host: configuration.host, port: configuration.port, corsOrigins: configuration.corsOrigins,
            // What is left for connections, with a quarter for the blobs that are being served and for everything else.
            maxConnections: min(20_000, openFiles - openFiles / 4 - 2 * core.receptionLimit))
        settings.certificates = certificates
        settings.trustedProxies = configuration.trustedProxies
        server = MediaServer(
            settings: settings,
            identity: identity,
            readiness: Self.readiness(
                catalog: catalog, blobs: blobs, reserve: core.freeSpaceReserve,
                tools: configuration.tools),
            metrics: metrics, logger: logger,
            rateLimiter: configuration.rateLimits.isEmpty
                ? nil : RateLimiter(configuration.rateLimits, clock: clock),
            clock: clock,
            authentication: { Routes.addAuthentication(to: $0, services: services) },
            routes: { Routes.add(to: $0, services: services) })
    }

    /// What `/readyz` asks.
    private static func readiness(
        catalog: SQLCatalog, blobs: any BlobStore, reserve: Int64, tools: ToolPaths
    ) -> [ReadinessCheck] {
        [
            ReadinessCheck("processing") {
                let needed = [tools.ffmpeg, tools.ffprobe, tools.launcher, tools.imaging]
                let missing = needed.filter { !FileManager.default.isExecutableFile(atPath: $0) }
                return missing.isEmpty ? nil : "\(missing.joined(separator: ", ")) cannot be executed"
            },
            ReadinessCheck("catalog") {
                do throws(StoreError) {
                    try await catalog.checkReady()
                    return nil
                } catch {
                    return "\(error)"
                }
            },
            ReadinessCheck("blobs") {
                do {
                    guard let free = try await blobs.availableBytes(), free < reserve else { return nil }
                    return "\(free) bytes are free, less than the reserve of \(reserve)"
                } catch {
                    return "\(error)"
                }
            },
        ]
    }

    /// What `/metrics` measures when it is asked.
    private static func addGauges(to metrics: PrometheusRegistry, catalog: SQLCatalog, blobs: any BlobStore) {
        metrics.gauge("roost_open_uploads", help: "Uploads that are not finalized.") {
            [.init(Double(try await catalog.openUploadCount()))]
        }
        metrics.gauge("roost_jobs", help: "Processing jobs by kind and state.") {
            try await catalog.jobCounts().map { count in
                .init(
                    Double(count.count),
                    labels: [("kind", count.kind.rawValue), ("state", count.isLeased ? "leased" : "queued")])
            }
        }
        metrics.gauge("roost_catalog_waiting_writes", help: "Writes that wait for their turn in the catalog.") {
            [.init(Double(catalog.waitingWrites))]
        }
        metrics.gauge("roost_free_bytes", help: "Bytes that can still be stored.") {
            try await blobs.availableBytes().map { [.init(Double($0))] } ?? []
        }
    }
}
