import Hummingbird
import MediaCore
import XMedia

/// `GET /2/users/me` shows the token's user.
///
/// https://docs.x.com/x-api/users/get-my-user
struct UserRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/2/users/me") { _, context in
            let id = try context.requireUser(scopes: [.usersRead, .tweetRead])
            // A token whose user is gone authenticates nobody.
            guard let user = try await services.identity.user(id) else {
                throw HTTPProblem.unauthorized(tokenGiven: true)
            }
            return try Response.json(DataEnvelope(data: user))
        }
    }
}
