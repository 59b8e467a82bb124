package import MediaCore

/// What the routes of signing in work with.
package struct OAuthServices: Sendable {
    let accounts: AccountService
    let apps: AppService
    let authorizations: AuthorizationService

    /// Gathers the services.
    ///
    /// - Parameters:
    ///   - accounts: the users who sign in.
    ///   - apps: the apps.
    ///   - authorizations: what users allow apps.
    package init(accounts: AccountService, apps: AppService, authorizations: AuthorizationService) {
        self.accounts = accounts
        self.apps = apps
        self.authorizations = authorizations
    }
}
