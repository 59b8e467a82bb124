import ArgumentParser
import Configuration
import Logging
import MediaCore

/// The command `roost serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the API on a data folder.",
        discussion: """
            Each option can also be given by environment (ROOST_PORT for --port) and in the JSON file named by --config \
            ({"port": 8080}); an option wins over the environment, the environment over the file. The file can also \
            override single limits: {"limits": {"tweet_image": {"max_bytes": "10485760"}}}.
            """)

    @Option(help: "The data folder; made when it is missing. (default: roost-data)")
    var data: String?

    @Option(help: "The address to listen at. (default: 127.0.0.1)")
    var host: String?

    @Option(help: "The port to listen at; 0 takes a free one. (default: 8080)")
    var port: Int?

    @Option(help: "The certificate in PEM, with those between it and the authority's; read again when it changes.")
    var tlsCert: String?

    @Option(help: "The certificate's private key in PEM.")
    var tlsKey: String?

    @Option(
        help: "Where a proxy is whose X-Forwarded-For and X-Forwarded-Proto count, 10.0.0.0/8 for example; repeat it.")
    var trustedProxy: [String] = []

    @Option(name: .customLong("external-url"), help: "The address under which clients reach the server.")
    var externalURL: String?

    @Option(help: "The limits: x, as X has them, or open, raised for self-hosting. (default: x)")
    var profile: String?

    @Option(help: "full: what is answered outlives a power cut; process: it outlives the program. (default: full)")
    var durability: String?

    @Option(help: "auto, required (namespaces or nothing), or off. (default: auto)")
    var sandbox: String?

    @Option(help: "A web page's origin that may call; repeat it, or * for all.")
    var corsOrigin: [String] = []

    @Option(help: "on or off: take command=INIT|APPEND|FINALIZE on POST /2/media/upload. (default: on)")
    var commandForm: String?

    @Option(help: "off, or x for X's windows with their headers and 429. (default: off)")
    var rateLimits: String?

    @Option(help: "The bytes that one user may store; 0 for no limit. (default: 0)")
    var quotaBytes: Int64?

    @Option(help: "The uploads that one user may have open; 0 for no limit. (default: 0)")
    var quotaOpenUploads: Int?

    @Option(help: "The media of one user that may wait for processing; 0 for no limit. (default: half of the queue)")
    var quotaWaitingJobs: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "A JSON file with settings.")
    var config: String?

    func run() async throws {
        let configuration: ServeConfiguration
        do {
            configuration = try await ServeConfiguration(options: options, file: config)
        } catch let error as ServeConfiguration.Invalid {
            throw ValidationError(error.description)
        }
        LoggingSystem.bootstrap { label in
            var handler = LineLog.standardError(label: label)
            handler.logLevel = configuration.logLevel
            return handler
        }
        try await Server(configuration: configuration, logger: Logger(label: "roost")).run()
    }

    /// What the command line says, by the keys that environment and file use too.
    private var options: [AbsoluteConfigKey: ConfigValue] {
        let given: [(AbsoluteConfigKey, String?)] = [
            ("data", data), ("host", host), ("port", port.map(String.init)), ("external_url", externalURL),
            ("profile", profile), ("durability", durability), ("sandbox", sandbox),
            ("cors_origin", corsOrigin.isEmpty ? nil : corsOrigin.joined(separator: ",")),
            ("tls_cert", tlsCert), ("tls_key", tlsKey),
            ("trusted_proxy", trustedProxy.isEmpty ? nil : trustedProxy.joined(separator: ",")),
            ("command_form", commandForm), ("rate_limits", rateLimits), ("quota_bytes", quotaBytes.map(String.init)),
            ("quota_open_uploads", quotaOpenUploads.map(String.init)),
            ("quota_waiting_jobs", quotaWaitingJobs.map(String.init)), ("log_level", logLevel),
        ]
        return Dictionary(
            uniqueKeysWithValues: given.compactMap { key, value in
                value.map { (key, ConfigValue(.string($0), isSecret: false)) }
            })
    }
}
