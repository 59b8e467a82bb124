import ArgumentParser

/// The program: it serves, and it tends what it serves.
@main
struct Roost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost",
        abstract: "The X media API as software that you run.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, UserCommand.self, AppCommand.self, TokenCommand.self, MediaCommand.self,
            AuditCommand.self, HostsCommand.self,
            VerifyCommand.self,
        ])
}
