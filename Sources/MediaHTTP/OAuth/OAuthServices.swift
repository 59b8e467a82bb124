package import MediaCore

/// What the routes of signing in work with.
package struct OAuthServices: Sendable {
    let accounts: AccountService
    let apps: AppService
    let authorizations: AuthorizationService
    let oauth1: OAuth1Service

    /// Gathers the services.
    ///
    /// - Parameters:
    ///   - accounts: the users who sign in.
    ///   - apps: the apps.
    ///   - authorizations: what users allow apps.
    ///   - oauth1: who signs requests, and what users allow apps that do.
    package init(
        accounts: AccountService, apps: AppService, authorizations: AuthorizationService, oauth1: OAuth1Service
    ) {
        self.accounts = accounts
        self.apps = apps
        self.authorizations = authorizations
        self.oauth1 = oauth1
    }
}
