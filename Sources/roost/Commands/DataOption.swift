import ArgumentParser
import Configuration

/// The option that all commands share.
struct DataOption: ParsableArguments {
    @Option(help: "The data folder (default: roost-data). Also ROOST_DATA.")
    var data: String?

    /// The folder by option, environment or default.
    func folder() -> DataFolder {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "roost")
        return DataFolder(
            path: data ?? ConfigReader(provider: environment).string(forKey: "data") ?? DataFolder.defaultPath)
    }
}
