package import XMedia

/// How a request said who makes it.
package enum AuthenticationMethod: Sendable, Equatable {
    /// A bearer token; without a user it is app-only.
    case bearer
    /// An OAuth 1.0a signature with an access token of an app that has this permission.
    case oauth1(AppPermission)
}

/// Who makes a request, as its token says.
package struct Principal: Sendable, Equatable {
    /// The user; nil for an app-only bearer.
    package let userID: UserID?
    /// What the token may do.
    package let scopes: Set<Scope>
    /// The app that acts, by client id; nil for a token that an operator made for no app.
    package let clientID: String?
    /// How it was said.
    package let method: AuthenticationMethod
    /// From when on the token is no longer valid; nil for never.
    package let expiresAt: Timestamp?

    package init(
        userID: UserID?, scopes: Set<Scope>, clientID: String? = nil, method: AuthenticationMethod = .bearer,
        expiresAt: Timestamp? = nil
    ) {
        self.userID = userID
        self.scopes = scopes
        self.clientID = clientID
        self.method = method
        self.expiresAt = expiresAt
    }

    /// Whether no user stands behind it.
    package var isAppOnly: Bool { userID == nil }
}
