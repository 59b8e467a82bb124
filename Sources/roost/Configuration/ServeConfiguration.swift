import Configuration
import Foundation
import Logging
import MediaCore
import MediaHTTP
import MediaProcessing
import MediaRules
import SystemPackage

/// Everything that `roost serve` can be told.
///
/// One precedence for all: option, then environment (`ROOST_…`), then the file given by `--config`, then the default.
struct ServeConfiguration {
    /// A value that cannot be used; says where it came from by its key.
    struct Invalid: Error, CustomStringConvertible {
        let key: String
        let value: String
        let expected: String

        var description: String { "\(key) is \"\(value)\"; \(expected)" }
    }

    /// The data folder.
    var data: DataFolder
    /// The address to listen at.
    var host: String
    /// The port to listen at; 0 takes a free one.
    var port: Int
    /// Certificate and key; nil for plain HTTP.
    var tls: (certificate: String, key: String)?
    /// Where proxies are whose word about the client counts.
    var trustedProxies: [IPRange]
    /// The address that answers carry; nil takes the one that is listened at.
    var externalURL: String?
    /// What "stored" means.
    var durability: Durability
    /// How decoders are locked in.
    var sandbox: SandboxMode
    /// Who may call from a web page; `*` for everybody.
    var corsOrigins: [String]
    /// Whether `POST /2/media/upload` also takes `command=INIT|APPEND|FINALIZE`.
    var commandForm: Bool
    /// From which level on log messages are written.
    var logLevel: Logger.Level
    /// Limits, lifetimes, reserve.
    var core: CoreSettings
    /// How many requests users and apps may make.
    var rateLimits: RateLimits
    /// Where ffmpeg, ffprobe, bwrap and our helpers are.
    var tools: ToolPaths

    /// Reads all sources.
    ///
    /// - Parameters:
    ///   - options: what the command line says, by key.
    ///   - file: the path of a JSON file; nil for none.
    /// - Throws: ``Invalid``, or what reading the file throws.
    init(options: [AbsoluteConfigKey: ConfigValue], file: String?) async throws {
        let environment = EnvironmentVariablesProvider()
        var providers: [any ConfigProvider] = [
            InMemoryProvider(name: "options", values: options), environment.prefixKeys(with: "roost"),
        ]
        if let file = file ?? ConfigReader(provider: environment).string(forKey: "roost.config") {
            try SettingsFile.checkKeys(at: file)
            providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
        }
        let reader = ConfigReader(providers: providers)

        data = DataFolder(path: reader.string(forKey: "data", default: DataFolder.defaultPath))
        host = reader.string(forKey: "host", default: "127.0.0.1")
        port = try reader.number("port", default: 8080, in: 0...65535)
        tls = try reader.tls()
        trustedProxies = try reader.trustedProxies()
        externalURL = reader.string(forKey: "external_url")
        if let url = externalURL, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw Invalid(key: "external_url", value: url, expected: "it must begin with http:// or https://")
        }
        durability = try reader.choice("durability", default: .full)
        sandbox = try reader.choice("sandbox", default: .auto)
        corsOrigins = reader.string(forKey: "cors_origin", default: "")
            .split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
        commandForm = try reader.choice("command_form", default: Switch.on) == .on
        logLevel = try reader.choice("log_level", default: .info)
        core = try reader.coreSettings()
        core.quota = try reader.quota(jobQueueLimit: core.jobQueueLimit)
        rateLimits = try reader.rateLimits()
        tools = ToolPaths(environment: ProcessInfo.processInfo.environment)
    }
}

/// On or off.
private enum Switch: String, CaseIterable {
    case on, off
}

extension ConfigReader {
    /// A whole number within a range.
    func number<Number: FixedWidthInteger>(
        _ key: ConfigKey, default fallback: Number, in range: ClosedRange<Number>
    ) throws -> Number {
        guard let text = string(forKey: key) ?? int(forKey: key).map(String.init) else { return fallback }
        guard let value = Number(text), range.contains(value) else {
            throw ServeConfiguration.Invalid(
                key: key.description, value: text,
                expected: "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: ConfigKey, default fallback: Choice
    ) throws -> Choice where Choice.RawValue == String {
        guard let text = string(forKey: key) else { return fallback }
        guard let value = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServeConfiguration.Invalid(key: key.description, value: text, expected: "it must be one of \(all)")
        }
        return value
    }

    /// Profile, single limits, lifetimes and the reserve.
    fileprivate func coreSettings() throws -> CoreSettings {
        var rules = RuleBook(profile: try choice("profile", default: .x))
        for key in RuleBook.keys {
            let path = ConfigKey("limits.\(key)")
            guard let text = string(forKey: path) ?? int(forKey: path).map(String.init) else { continue }
            do {
                try rules.override(key, with: text)
            } catch {
                throw ServeConfiguration.Invalid(key: "limits.\(key)", value: text, expected: "\(error)")
            }
        }
        var settings = CoreSettings(rules: rules)
        settings.uploadLifetime = .seconds(
            try number(
                "upload_lifetime_seconds", default: settings.uploadLifetime.components.seconds, in: 1...31_536_000))
        settings.mediaLifetime = .seconds(
            try number("media_lifetime_seconds", default: settings.mediaLifetime.components.seconds, in: 1...31_536_000)
        )
        settings.freeSpaceReserve = try number(
            "free_space_reserve_bytes", default: settings.freeSpaceReserve, in: 0...Int64.max)
        settings.jobQueueLimit = try number("job_queue_limit", default: settings.jobQueueLimit, in: 1...1_000_000)
        return settings
    }
}
