package import XMedia

/// Who makes a request, as its token says.
package struct Principal: Sendable, Equatable {
    /// The user; nil for an app-only bearer.
    package let userID: UserID?
    /// What the token may do.
    package let scopes: Set<Scope>

    package init(userID: UserID?, scopes: Set<Scope>) {
        self.userID = userID
        self.scopes = scopes
    }
}
