import HTTPTypes
import Hummingbird
import Logging
import MediaCore
import OAuth
import XMedia

/// `GET /i/oauth2/authorize` asks a user whether an app may act for them, and sends the answer to the app.
///
/// RFC 6749 §4.1, https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code. X's specification names the
/// same page `/2/oauth2/authorize`.
struct AuthorizeRoute {
    private let services: OAuthServices
    private let desk: ConsentDesk
    private let urls: MediaURLs

    init(_ services: OAuthServices, urls: MediaURLs) {
        self.services = services
        self.urls = urls
        desk = ConsentDesk(accounts: services.accounts, urls: urls)
    }

    func add(to router: Router<RoostContext>) {
        for path in ["/i/oauth2/authorize", "/2/oauth2/authorize"] as [RouterPath] {
            router.get(path) { request, context in try await respond(to: request, context) }
            router.post(path) { request, context in try await respond(to: request, context) }
        }
    }

    private func respond(to request: Request, _ context: RoostContext) async throws -> Response {
        let wanted: AuthorizationRequest
        do {
            wanted = try await AuthorizationRequest(request.queryFields, apps: services.apps)
        } catch AuthorizationRequest.Refusal.shown(let reason) {
            return Page.refusal(reason).response(status: .badRequest)
        } catch AuthorizationRequest.Refusal.answered(let redirect, let error, let description, let state) {
            return answer(redirect, [("error", error), ("error_description", description)], state: state)
        }
        let consent = Consent(
            app: wanted.app, rights: Consent.rights(of: wanted.scopes), destination: wanted.redirect)
        switch try await desk.ask(request, for: consent.question, from: context.origin.address?.household) {
        case .page(let page): return page
        case .denied: return answer(wanted.redirect, [("error", "access_denied")], state: wanted.state)
        case .pressed(let user, _):
            let code = try await services.authorizations.issueCode(
                for: user, app: wanted.app, redirectURI: wanted.redirect.text, scopes: wanted.scopes,
                challenge: wanted.challenge, from: context.origin.address?.description)
            context.logger.info(
                "An app was allowed", metadata: ["user": "\(user.id)", "client_id": "\(wanted.app.clientID)"])
            return answer(wanted.redirect, [("code", code)], state: wanted.state)
        }
    }

    /// Sends the browser to the app.
    ///
    /// `iss` tells the app which server answers, so that one server's answer cannot be passed
    /// off as another's (RFC 9207).
    private func answer(
        _ redirect: RedirectURI, _ parameters: [(name: String, value: String)], state: String?
    ) -> Response {
        var parameters = parameters
        if let state { parameters.append(("state", state)) }
        parameters.append(("iss", urls.base))
        return .movedOn(to: redirect.adding(parameters))
    }
}

extension Response {
    /// 303: the browser gets the address, whatever it did here (RFC 9700 §4.12: a 307 would send the form again).
    static func movedOn(to address: String) -> Response {
        Response(
            status: .seeOther, headers: [.location: address, .cacheControl: "no-store", .referrerPolicy: "no-referrer"])
    }
}

extension HTTPField.Name {
    /// The name is valid, so there is a value.
    static let referrerPolicy = HTTPField.Name("referrer-policy")!
}
