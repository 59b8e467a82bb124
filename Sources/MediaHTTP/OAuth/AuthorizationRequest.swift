import Hummingbird
import MediaCore
import OAuth

/// A request for authorization (RFC 6749 §4.1.1), found good.
struct AuthorizationRequest {
    let app: AppRecord
    let redirect: RedirectURI
    let state: String?
    let scopes: Set<Scope>
    let challenge: CodeChallenge

    /// X: "state … up to 500 characters".
    static let longestState = 500

    /// Why a request is refused.
    enum Refusal: Error, Equatable {
        /// It is not certain who asks, or where answers may go: the user is told, and the browser goes nowhere.
        case shown(String)
        /// The app is told, by an answer to its address.
        case answered(RedirectURI, error: String, description: String, state: String?)
    }

    /// Reads the query.
    ///
    /// Client and address come first: until both are known to belong together nothing is sent anywhere, so that nobody can
    /// use this server to send people to an address of theirs (RFC 9700 §4.11).
    ///
    /// - Throws: ``Refusal``, `StoreError`.
    init(_ query: FormFields, apps: AppService) async throws {
        for name in ["client_id", "redirect_uri"] where query.fields.count(where: { $0.name == name }) > 1 {
            throw Refusal.shown("The request says \(name) more than once.")
        }
        guard let id = query["client_id"], !id.isEmpty else { throw Refusal.shown("The request has no client_id.") }
        guard let app = try await apps.app(clientID: id) else {
            throw Refusal.shown("There is no app with the client_id of this request.")
        }
        guard let address = query["redirect_uri"], !address.isEmpty else {
            throw Refusal.shown("The request has no redirect_uri.")
        }
        guard let redirect = RedirectURI(address),
            app.redirectURIs.contains(where: { RedirectURI($0)?.permits(redirect) == true })
        else {
            throw Refusal.shown("The redirect_uri of this request is none that \(app.name) has registered.")
        }
        self.app = app
        self.redirect = redirect
        let state = query["state"]
        self.state = state
        let known = (state ?? "").utf8.count <= Self.longestState ? state : nil
        func refuse(_ error: String, _ description: String) -> Refusal {
            .answered(redirect, error: error, description: description, state: known)
        }

        let names = ["response_type", "scope", "state", "code_challenge", "code_challenge_method"]
        for name in names where query.fields.count(where: { $0.name == name }) > 1 {
            throw refuse("invalid_request", "Parameter \(name) was sent more than once.")
        }
        if let state, state.utf8.count > Self.longestState {
            throw refuse("invalid_request", "The state has more than \(Self.longestState) bytes.")
        }
        guard let type = query["response_type"], !type.isEmpty else {
            throw refuse("invalid_request", "There is no response_type.")
        }
        guard type == "code" else {
            throw refuse("unsupported_response_type", "The one response_type is code.")
        }
        guard let scopes = Set(exactly: query["scope"] ?? "") else {
            throw refuse("invalid_scope", "There is no scope, or one that is not known.")
        }
        guard scopes.isSubset(of: app.scopes) else {
            throw refuse("invalid_scope", "The app may not ask for all of these scopes.")
        }
        self.scopes = scopes
        // Of every client, also one with a secret: a code that somebody else got hold of is worth nothing (RFC 9700 §2.1.1).
        guard let value = query["code_challenge"], !value.isEmpty else {
            throw refuse("invalid_request", "There is no code_challenge; PKCE is needed.")
        }
        guard let challenge = CodeChallenge(value: value, method: query["code_challenge_method"]) else {
            throw refuse("invalid_request", "The code_challenge is none of the methods S256 and plain.")
        }
        self.challenge = challenge
    }
}
