import ArgumentParser
import MediaCore
import SQLCatalog
import XMedia

/// `roost user`: works beside a running server.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Add, list and remove users, and set their passwords.",
        subcommands: [Add.self, List.self, Password.self, Remove.self])

    /// The command `roost user add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Add a user.",
            discussion: "The password is asked for, or read from standard input when that is no terminal.")

        @OptionGroup var data: DataOption

        @Argument(help: "The user's name: 1 to 15 letters, digits and underscores.")
        var username: String

        @Option(help: "The name that is shown. (default: the user's name)")
        var name: String?

        @Flag(help: "Without a password: the user cannot sign in, only have tokens.")
        var noPassword = false

        func validate() throws {
            guard AccountService.isUsername(username) else {
                throw ValidationError("A user's name has 1 to 15 letters, digits and underscores, as on X")
            }
        }

        func run() async throws {
            let beside = try await Beside(data.folder(), creating: true)
            let password = noPassword ? nil : try PasswordPrompt.read(for: username)
            try UserCommand.check(password)
            guard let user = try await beside.accounts.add(username, name: name, password: password) else {
                throw CommandFailure("There is a user \(username) already; `roost user passwd` sets the password")
            }
            // Only now the user has an id.
            try await beside.audit.record(.userAdded, user: user, actor: .operator)
            print(user.id)
        }
    }

    /// The command `roost user list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List all users.")

        @OptionGroup var data: DataOption

        func run() async throws {
            for account in try await Beside(data.folder()).accounts.accounts() {
                let signsIn = account.passwordHash == nil ? "no password" : "password"
                print("\(account.user.id)\t\(account.user.username)\t\(signsIn)\t\(account.createdAt.rfc3339)")
            }
        }
    }

    /// The command `roost user passwd`.
    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "passwd", abstract: "Set a user's password, and sign the user out everywhere.",
            discussion: """
                The password is asked for, or read from standard input when that is no terminal. Apps keep their tokens, \
                unless --revoke-apps takes back all that the user allowed.
                """)

        @OptionGroup var data: DataOption

        @Argument(help: "The user's name.")
        var username: String

        @Flag(help: "Also take back what the user allowed apps: all their tokens of this user.")
        var revokeApps = false

        func run() async throws {
            let beside = try await Beside(data.folder())
            let accounts = beside.accounts
            let user = try await UserCommand.user(username, accounts)
            let password = try PasswordPrompt.read(for: user.username)
            try UserCommand.check(password)
            try await beside.audit.record(.passwordChanged, user: user, actor: .operator)
            guard try await accounts.setPassword(password, of: user.id) else {
                throw CommandFailure("The user \(username) is gone")
            }
            // After the password: whoever knew the former one cannot allow anything anew by then.
            guard revokeApps else { return }
            try await beside.audit.record(.grantRevoked, user: user, actor: .operator)
            _ = try await beside.catalog.revoke(app: nil, user: user.id, at: SystemClock().now)
        }
    }

    /// The command `roost user remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove a user with all tokens and all that apps were allowed.",
            discussion: "Posts and media stay; `roost media remove` erases media.")

        @OptionGroup var data: DataOption

        @Argument(help: "The user's name.")
        var username: String

        func run() async throws {
            let beside = try await Beside(data.folder())
            let user = try await UserCommand.user(username, beside.accounts)
            try await beside.audit.record(.userRemoved, user: user, actor: .operator)
            guard try await beside.accounts.remove(user.id) else {
                throw CommandFailure("The user \(username) is gone")
            }
        }
    }

    private static func user(_ username: String, _ accounts: AccountService) async throws -> User {
        guard let account = try await accounts.account(named: username) else {
            throw CommandFailure("There is no user \(username)")
        }
        return account.user
    }

    private static func check(_ password: String?) throws {
        guard let password, !PasswordHasher.lengths.contains(password.utf8.count) else { return }
        let lengths = PasswordHasher.lengths
        throw CommandFailure("A password has \(lengths.lowerBound) to \(lengths.upperBound) bytes")
    }
}
