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

        @Flag(name: .customLong("oauth1"), help: "Create an access token of OAuth 1.0a and its secret; needs --app.")
        var oauth1 = false

        @Option(help: "The name of the app that signs with the token of OAuth 1.0a.")
        var app: String?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if appOnly == (user != nil) { throw ValidationError("Give either --user or --app-only") }
            if oauth1 != (app != nil) { throw ValidationError("--oauth1 and --app go together") }
            if oauth1, appOnly || scopes != nil {
                throw ValidationError(
                    "A token of OAuth 1.0a belongs to a user; the app's permission says what it may do")
            }
            if let user, !AccountService.isUsername(user) {
                throw ValidationError("A user's name has 1 to 15 letters, digits and underscores, as on X")
            }
            _ = try parsedScopes()
        }

        func run() async throws {
            let beside = try await Beside(data.folder(), creating: true)
            if oauth1 { return try await createOAuth1(beside) }
            let identity = beside.identity
            var owner: User?
            if let user { owner = try await identity.ensureUser(named: user) }
            let scopes = try parsedScopes()
            try await beside.audit.record(
                .tokenCreated, user: owner, actor: .operator, detail: ["kind": "bearer", "scopes": scopes.text])
            let token = try await identity.createToken(for: owner, scopes: scopes)
            print(json ? try Output.json(["access_token": token]) : token)
        }

        private func createOAuth1(_ beside: Beside) async throws {
            guard let app, let found = try await beside.apps().app(named: app) else {
                throw CommandFailure("There is no app \(app ?? ""); `roost app create` makes one")
            }
            let owner = try await beside.identity.ensureUser(named: user ?? "")
            try await beside.audit.record(
                .tokenCreated, user: owner, actor: .operator, app: found.clientID, detail: ["kind": "oauth1"])
            let credentials = try await beside.apps().createOAuth1Token(for: owner, app: found)
            try Output.show(
                [("oauth_token", credentials.token), ("oauth_token_secret", credentials.secret)], asJSON: json)
        }

        private func parsedScopes() throws -> Set<Scope> {
            let readable = Scope.reading
            guard let scopes else { return appOnly ? readable : Scope.effective }
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
    }

    /// The command `roost token list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all tokens, without their texts.")

        @OptionGroup var data: DataOption

        func run() async throws {
            for token in try await Beside(data.folder()).identity.tokens() {
                let owner = token.username ?? "(app-only)"
                let created = token.createdAt.rfc3339
                print("\(token.id)\t\(owner)\t\(token.scopes.text)\t\(created)\t\(state(of: token))\t\(token.kind)")
            }
        }

        private func state(of token: TokenRecord) -> String {
            if let moment = token.revokedAt { return "revoked \(moment.rfc3339)" }
            if let moment = token.spentAt { return "spent \(moment.rfc3339)" }
            if let moment = token.expiresAt, moment <= SystemClock().now { return "expired \(moment.rfc3339)" }
            return "valid"
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
            let beside = try await Beside(data.folder())
            if let token = try await beside.identity.tokens().first(where: { $0.id == id }) {
                try await beside.audit.record(
                    .tokenRevoked, userID: token.userID, username: token.username, actor: .operator,
                    app: token.clientID, detail: ["token_id": id])
            }
            guard try await beside.identity.revokeToken(id) else {
                throw CommandFailure("There is no valid token with the id \(id)")
            }
        }
    }
}
