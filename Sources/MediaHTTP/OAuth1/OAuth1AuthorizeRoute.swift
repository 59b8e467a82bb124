import Hummingbird
import Logging
import MediaCore
import OAuth
import XMedia

/// `GET /oauth/authorize?oauth_token=` asks a user whether an app may act for them by OAuth 1.0a, and leads back to the app,
/// or shows a PIN (RFC 5849 §2.2).
///
/// https://docs.x.com/fundamentals/authentication/api-reference (read 2026-11-21). `authenticate` is X's name of the same page
/// for signing in; here it asks each time, so that nobody is led through it without noticing.
struct OAuth1AuthorizeRoute {
    private let service: OAuth1Service
    private let desk: ConsentDesk

    init(_ services: OAuthServices, urls: MediaURLs) {
        service = services.oauth1
        desk = ConsentDesk(accounts: services.accounts, urls: urls)
    }

    func add(to router: Router<RoostContext>) {
        for path in ["/oauth/authorize", "/oauth/authenticate", "/i/oauth/authenticate"] as [RouterPath] {
            router.get(path) { request, context in try await respond(to: request, context) }
            router.post(path) { request, context in try await respond(to: request, context) }
        }
    }

    private func respond(to request: Request, _ context: RoostContext) async throws -> Response {
        guard let token = request.queryFields["oauth_token"],
            let wanted = try await service.consent(requestToken: token)
        else { return Self.gone }
        let consent = Consent(
            app: wanted.app, rights: Consent.rights(of: wanted.permission),
            destination: wanted.callback.flatMap { RedirectURI($0) })
        switch try await desk.ask(request, for: consent.question, from: context.origin.address?.household) {
        case .page(let page): return page
        case .denied:
            if let address = try await service.deny(wanted, requestToken: token) { return .movedOn(to: address) }
            return Page.message("Nothing was allowed", "\(wanted.app.name) may not act for you.").response()
        case .pressed(let user, _):
            let address = context.origin.address?.description
            guard let answer = try await service.allow(wanted, requestToken: token, user: user, from: address) else {
                return Self.gone
            }
            context.logger.info(
                "An app was allowed", metadata: ["user": "\(user.id)", "client_id": "\(wanted.app.clientID)"])
            switch answer {
            case .redirect(let address): return .movedOn(to: address)
            case .pin(let pin):
                return Page.message("Almost done", "Type this PIN into \(wanted.app.name):", code: pin).response()
            }
        }
    }

    private static var gone: Response {
        Page.refusal("This link was used before, or it is older than 15 minutes.").response(status: .badRequest)
    }
}
