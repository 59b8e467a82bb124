import ArgumentParser
import Foundation
import MediaCore
import XMedia

/// `roost token`: works beside a running server.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create, list and revoke access tokens.",
        subcommands: [Create.self, List.self, Revoke.self])

    /// The command `roost token create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a token, and its user if there is none, and print the token.",
            discussion: "The token is shown this once; the catalog keeps only its SHA-256.")

        @OptionGroup var data: DataOption

        @Option(help: "The user's name.")
        var user: String?

        @Option(
            help: """
                The scopes, separated by spaces. (default: media.write tweet.read tweet.write users.read; \
                tweet.read users.read for an app-only token)
                """)
        var scopes: String?

        @Flag(help: "Create an app-only bearer token, which belongs to no user and can only read.")
        var appOnly = false

        func validate() throws {
            if appOnly == (user != nil) { throw ValidationError("Give either --user or --app-only") }
            if let user, !Self.isName(user) {
                throw ValidationError("A user's name has 1 to 15 letters, digits and underscores, as on X")
            }
            _ = try parsedScopes()
        }

        func run() async throws {
            let identity = IdentityService.beside(try await data.folder().openCatalog(creating: true))
            var owner: User?
            if let user { owner = try await identity.ensureUser(named: user) }
            print(try await identity.createToken(for: owner, scopes: try parsedScopes()))
        }

        private func parsedScopes() throws -> Set<Scope> {
            let readable: Set<Scope> = [.tweetRead, .usersRead]
            guard let scopes else { return appOnly ? readable : Set(Scope.allCases) }
            let names = scopes.split(whereSeparator: { $0 == " " || $0 == "," })
            let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
            return Set(
                try names.map { name in
                    guard let scope = Scope(rawValue: String(name)) else {
                        throw ValidationError("\(name) is no scope; there are \(known)")
                    }
                    if appOnly, !readable.contains(scope) {
                        throw ValidationError("An app-only token can only read; \(name) needs a user")
                    }
                    return scope
                })
        }

        /// X: "Your username can only contain letters, numbers and underscores" and at most 15 characters.
        private static func isName(_ text: String) -> Bool {
            (1...15).contains(text.utf8.count)
                && text.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F
                }
        }
    }

    /// The command `roost token list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all tokens, without their texts.")

        @OptionGroup var data: DataOption

        func run() async throws {
            for token in try await IdentityService.beside(try await data.folder().openCatalog()).tokens() {
                let scopes = token.scopes.map(\.rawValue).sorted().joined(separator: " ")
                let state = token.revokedAt.map { "revoked \($0.rfc3339)" } ?? "valid"
                print("\(token.id)\t\(token.username ?? "(app-only)")\t\(scopes)\t\(token.createdAt.rfc3339)\t\(state)")
            }
        }
    }

    /// The command `roost token revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Revoke a token by its id; a running server obeys within a second.")

        @OptionGroup var data: DataOption

        @Argument(help: "The token's id, as `roost token list` prints it.")
        var id: String

        func run() async throws {
            guard try await IdentityService.beside(try await data.folder().openCatalog()).revokeToken(id) else {
                throw CommandFailure("There is no valid token with the id \(id)")
            }
        }
    }
}

extension IdentityService {
    /// The service for a command beside a server: its ids come from another worker number than the server's.
    fileprivate static func beside(_ catalog: some IdentityCatalog) -> IdentityService {
        let clock = SystemClock()
        return IdentityService(
            catalog: catalog, clock: clock,
            ids: SnowflakeSource(clock: clock, worker: 1 + Int(ProcessInfo.processInfo.processIdentifier) % 1023))
    }
}
