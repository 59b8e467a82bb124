package import XMedia

/// An app that can act for a user now.
package struct ConnectedApp: Sendable, Equatable {
    /// The app.
    package let app: AppRecord
    /// All that its tokens allow, together.
    package let scopes: Set<Scope>
    /// When the oldest of its tokens was made.
    package let since: Timestamp
}

extension AuthorizationService {
    /// The apps that have tokens of the user that are good for something, by name.
    package func connectedApps(of user: UserID) async throws(StoreError) -> [ConnectedApp] {
        var families: [String: [TokenRecord]] = [:]
        for token in try await catalog.usableTokens(of: user, at: clock.now) {
            if let clientID = token.clientID { families[clientID, default: []].append(token) }
        }
        var connected: [ConnectedApp] = []
        for (clientID, tokens) in families {
            guard let app = try await apps.app(clientID: clientID), let oldest = tokens.map(\.createdAt).min() else {
                continue
            }
            connected.append(
                ConnectedApp(
                    app: app, scopes: tokens.reduce(into: []) { $0.formUnion($1.scopes) }, since: oldest))
        }
        return connected.sorted { ($0.app.name, $0.app.clientID) < ($1.app.name, $1.app.clientID) }
    }

    /// The user allows the app nothing any more, see ``GrantCatalog/revoke(app:user:at:)``.
    ///
    /// - Parameters:
    ///   - clientID: the app.
    ///   - user: who takes it back.
    ///   - address: where the request comes from.
    /// - Returns: false when there was nothing.
    package func revoke(
        app clientID: String, of user: User, from address: String? = nil
    ) async throws(StoreError) -> Bool {
        // What a browser sends is no name of an app until there is one: the log holds nothing invented.
        guard let app = try await apps.app(clientID: clientID) else { return false }
        try await audit?.record(.grantRevoked, user: user, actor: .user, app: app.clientID, address: address)
        defer { identity.forgetAnswers() }
        return try await catalog.revoke(app: app.clientID, user: user.id, at: clock.now)
    }
}
