package import MediaCore
package import XMedia

/// What a request's `Authorization` header said.
package enum Authentication: Sendable, Equatable {
    /// There was none, or one of another scheme.
    case absent
    /// A bearer token that is unknown, revoked or malformed.
    case invalid
    /// A signature that is none, and why.
    case refused(OAuth1Refusal)
    /// A valid bearer token or signature.
    case principal(Principal)
}

extension RoostContext {
    /// The user, for routes that need one; the first line of such a route, before it reads the body.
    ///
    /// - Parameter scopes: what the token must be allowed to do, all of it.
    /// - Returns: the user whose token it is.
    /// - Throws: 401 without a valid token, 403 for an app-only bearer, 403 naming the missing scopes.
    package func requireUser(scopes: Set<Scope>) throws(HTTPProblem) -> UserID {
        let principal = try requirePrincipal()
        guard let user = principal.userID else { throw .unsupportedAuthentication }
        try Self.check(principal, has: scopes)
        return user
    }

    /// Whoever has the scopes, user or app-only; otherwise 401 or 403 as for ``requireUser(scopes:)``.
    package func requireAny(scopes: Set<Scope>) throws(HTTPProblem) -> Principal {
        let principal = try requirePrincipal()
        try Self.check(principal, has: scopes)
        return principal
    }

    /// The user if a valid token names one, for routes that are open but show owners more.
    package var userIfAny: UserID? {
        guard case .principal(let principal) = authentication else { return nil }
        return principal.userID
    }

    private func requirePrincipal() throws(HTTPProblem) -> Principal {
        switch authentication {
        case .absent: throw .unauthorized(tokenGiven: false)
        case .invalid: throw .unauthorized(tokenGiven: true)
        case .refused(let refusal): throw .unauthorized(refusal)
        case .principal(let principal): return principal
        }
    }

    private static func check(_ principal: Principal, has scopes: Set<Scope>) throws(HTTPProblem) {
        let missing = scopes.subtracting(principal.scopes)
        guard !missing.isEmpty else { return }
        // OAuth 1.0a has no scopes that a client could ask for: the app's permission is at fault.
        if case .oauth1 = principal.method { throw .oauth1Permissions }
        throw .forbidden(missing: missing)
    }
}
