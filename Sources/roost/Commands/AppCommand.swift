import ArgumentParser
import MediaCore
import OAuth
import SQLCatalog
import XMedia

/// `roost app`: works beside a running server.
struct AppCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app", abstract: "Create, list and remove apps that act for users, and renew their secrets.",
        subcommands: [Create.self, List.self, Rotate.self, Revoke.self, Remove.self])

    /// The command `roost app create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Create an app and print its keys and secrets.",
            discussion: """
                The secrets are shown this once. client_id and client_secret are for OAuth 2.0, consumer_key and \
                consumer_secret for OAuth 1.0a.
                """)

        @OptionGroup var data: DataOption

        @Argument(help: "The name that users read when they are asked for consent.")
        var name: String

        @Option(
            name: .customLong("redirect-uri"),
            help: """
                Where answers may go; repeat it for more. It is compared exactly, but for the port of a loopback address \
                (http://127.0.0.1/callback).
                """)
        var redirectURIs: [String] = []

        @Flag(
            name: .customLong("public"), help: "A public client: a program on users' machines, which keeps no secret.")
        var isPublic = false

        @Option(help: "The scopes it may ask for, separated by spaces. (default: all of X's)")
        var scopes: String?

        @Option(help: "What it may do with OAuth 1.0a: read or read-write. (default: read-write)")
        var permission: String?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws { _ = try wanted() }

        func run() async throws {
            let app = try wanted()
            let beside = try await Beside(data.folder(), creating: true)
            guard let credentials = try await beside.apps().create(app) else {
                throw CommandFailure("There is an app \(name) already; `roost app rotate` renews its secrets")
            }
            // Only now the app has an id.
            try await beside.audit.record(
                .appCreated, user: nil, actor: .operator, app: credentials.clientID, detail: ["name": name])
            try AppCommand.show(credentials, asJSON: json)
        }

        private func wanted() throws -> NewApp {
            guard (1...100).contains(name.count), !name.contains(where: \.isNewline) else {
                throw ValidationError("An app's name has 1 to 100 characters on one line")
            }
            var app = NewApp(name: name)
            app.isConfidential = !isPublic
            app.redirectURIs = redirectURIs
            if let uri = redirectURIs.first(where: { RedirectURI($0) == nil }) {
                throw ValidationError(
                    "\(uri) is no address that an answer may go to: absolute, without # and user names")
            }
            if let permission {
                guard let permission = AppPermission(rawValue: permission) else {
                    throw ValidationError("--permission is read or read-write")
                }
                app.permission = permission
            }
            if let scopes {
                let names = scopes.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
                if let unknown = names.first(where: { Scope(rawValue: $0) == nil }) {
                    throw ValidationError("\(unknown) is no scope; there are \(Set(Scope.allCases).text)")
                }
                app.scopes = Set(names.compactMap(Scope.init(rawValue:)))
            }
            return app
        }
    }

    /// The command `roost app list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all apps, or those that can act for a user, without their secrets.")

        @OptionGroup var data: DataOption

        @Option(help: "Only the apps that have valid tokens of this user, and what they may do.")
        var user: String?

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let beside = try await Beside(data.folder())
            if let user { return try await list(user, beside) }
            let apps = try await beside.apps().apps()
            guard !json else {
                print(try Output.json(apps.map(Listed.init)))
                return
            }
            for app in apps {
                let kind = app.isConfidential ? "confidential" : "public"
                let fields = [
                    app.clientID, app.name, kind, app.permission.rawValue, app.consumerKey, app.createdAt.rfc3339,
                    app.redirectURIs.joined(separator: " "),
                ]
                print(fields.joined(separator: "\t"))
            }
        }

        private func list(_ username: String, _ beside: Beside) async throws {
            guard let account = try await beside.accounts.account(named: username) else {
                throw CommandFailure("There is no user \(username)")
            }
            let connected = try await beside.authorizations().connectedApps(of: account.user.id)
            guard !json else {
                print(try Output.json(connected.map(Connected.init)))
                return
            }
            for entry in connected {
                let fields = [entry.app.clientID, entry.app.name, entry.scopes.text, entry.since.rfc3339]
                print(fields.joined(separator: "\t"))
            }
        }

        private struct Connected: Encodable {
            let name, client_id, scope, since: String

            init(_ connected: ConnectedApp) {
                name = connected.app.name
                client_id = connected.app.clientID
                scope = connected.scopes.text
                since = connected.since.rfc3339
            }
        }

        private struct Listed: Encodable {
            let name, client_id, client_type, permission, consumer_key, scope, created_at: String
            let redirect_uris: [String]

            init(_ app: AppRecord) {
                name = app.name
                client_id = app.clientID
                client_type = app.isConfidential ? "confidential" : "public"
                permission = app.permission.rawValue
                consumer_key = app.consumerKey
                scope = app.scopes.text
                created_at = app.createdAt.rfc3339
                redirect_uris = app.redirectURIs
            }
        }
    }

    /// The command `roost app rotate`.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Replace an app's secrets and its consumer key, and print the new ones.",
            discussion: """
                The former ones are good for nothing at once, as are the app's own tokens and whatever users were just \
                allowing it. Users' tokens stay.
                """)

        @OptionGroup var data: DataOption

        @Argument(help: "The app's name or client id.")
        var name: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let beside = try await Beside(data.folder())
            let apps = try beside.apps()
            let app = try await AppCommand.app(name, apps)
            try await beside.audit.record(
                .appRotated, user: nil, actor: .operator, app: app.clientID, detail: ["name": app.name])
            guard let credentials = try await apps.rotate(app) else {
                throw CommandFailure("The app \(name) is gone")
            }
            try AppCommand.show(credentials, asJSON: json)
        }
    }

    /// The command `roost app revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Take back what a user allowed an app: all its tokens of this user.",
            discussion: "A running server obeys within a second. The user can allow it again.")

        @OptionGroup var data: DataOption

        @Argument(help: "The app's name or client id.")
        var name: String

        @Option(help: "The user's name.")
        var user: String

        func run() async throws {
            let beside = try await Beside(data.folder())
            let app = try await AppCommand.app(name, try beside.apps())
            guard let account = try await beside.accounts.account(named: user) else {
                throw CommandFailure("There is no user \(user)")
            }
            try await beside.audit.record(
                .grantRevoked, user: account.user, actor: .operator, app: app.clientID, detail: ["name": app.name])
            guard
                try await beside.catalog.revoke(app: app.clientID, user: account.user.id, at: SystemClock().now)
            else { throw CommandFailure("\(user) has allowed \(app.name) nothing") }
        }
    }

    /// The command `roost app remove`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove an app with all its tokens and all that users allowed it.")

        @OptionGroup var data: DataOption

        @Argument(help: "The app's name or client id.")
        var name: String

        func run() async throws {
            let beside = try await Beside(data.folder())
            let apps = try beside.apps()
            let app = try await AppCommand.app(name, apps)
            try await beside.audit.record(
                .appRemoved, user: nil, actor: .operator, app: app.clientID, detail: ["name": app.name])
            guard try await apps.remove(app) else {
                throw CommandFailure("The app \(name) is gone")
            }
        }
    }

    private static func app(_ name: String, _ apps: AppService) async throws -> AppRecord {
        if let app = try await apps.app(named: name) { return app }
        if let app = try await apps.app(clientID: name) { return app }
        throw CommandFailure("There is no app \(name)")
    }

    private static func show(_ credentials: AppCredentials, asJSON: Bool) throws {
        var pairs = [("client_id", credentials.clientID)]
        if let secret = credentials.clientSecret { pairs.append(("client_secret", secret)) }
        pairs += [("consumer_key", credentials.consumerKey), ("consumer_secret", credentials.consumerSecret)]
        try Output.show(pairs.map { (name: $0.0, value: $0.1) }, asJSON: asJSON)
    }
}
