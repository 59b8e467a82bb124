import Hummingbird
import MediaCore
import XMedia

/// `GET /1.1/account/verify_credentials.json` shows the token's user.
///
/// https://developer.x.com/en/docs/x-api/v1/accounts-and-users/manage-account-settings/api-reference/get-account-verify_credentials
struct V11AccountRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to group: RouterGroup<RoostContext>) {
        group.get("/account/verify_credentials.json") { _, context in
            let id = try context.requireUser(scopes: [.usersRead, .tweetRead])
            // A token whose user is gone authenticates nobody.
            guard let user = try await services.identity.user(id) else {
                throw HTTPProblem.unauthorized(tokenGiven: true)
            }
            return try Response.json(V11User(user))
        }
    }
}
