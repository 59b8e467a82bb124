import Hummingbird
import Logging
import MediaCore
import XMedia

/// `GET /settings/connected_apps` shows users which apps can act for them, takes that back, and shows what happened lately.
///
/// X has such a page at the same path. The whole log is at `GET /roost/audit`, for which one needs a token.
struct ConnectedAppsRoute {
    private static let path = "/settings/connected_apps"

    private let services: OAuthServices
    private let audit: AuditLog
    private let desk: ConsentDesk

    init(_ services: OAuthServices, audit: AuditLog, urls: MediaURLs) {
        self.services = services
        self.audit = audit
        desk = ConsentDesk(accounts: services.accounts, urls: urls)
    }

    func add(to router: Router<RoostContext>) {
        router.get(RouterPath(Self.path)) { request, context in try await respond(to: request, context) }
        router.post(RouterPath(Self.path)) { request, context in try await respond(to: request, context) }
    }

    private func respond(to request: Request, _ context: RoostContext) async throws -> Response {
        let authorizations = services.authorizations
        let question = Question(purpose: "the apps that can act for you", actions: ["revoke"]) {
            user, proof, complaint in
            let apps = try await authorizations.connectedApps(of: user.id)
            let events = try await audit.entries(of: user.id, olderThan: nil, limit: 20)
            return Page.connectedApps(apps, events, user: user, proof: proof, complaint: complaint)
        }
        switch try await desk.ask(request, for: question, from: context.origin.address?.household) {
        case .page(let page): return page
        case .denied: return Page.message("Nothing was changed", "Apps can do what they could before.").response()
        case .pressed(let user, let fields):
            if let clientID = fields["client_id"] {
                _ = try await authorizations.revoke(
                    app: clientID, of: user, from: context.origin.address?.description)
                services.oauth1.forgetAnswers()
                context.logger.info(
                    "An app's access was taken back", metadata: ["user": "\(user.id)", "client_id": "\(clientID)"])
            }
            return .movedOn(to: Self.path)
        }
    }
}

extension Page {
    /// The apps that can act for a user, each with a button that ends it, and what happened lately.
    static func connectedApps(
        _ apps: [ConnectedApp], _ events: [AuditEntry], user: User, proof: String, complaint: String?
    ) -> Page {
        let proofField = "<input type=\"hidden\" name=\"proof\" value=\"\(escaped(proof))\">"
        let entries = apps.map { connected in
            let rights = Consent.rights(of: connected.scopes).map { "<li>\(escaped($0))</li>" }.joined(separator: "\n")
            return """
                <h2>\(escaped(connected.app.name))</h2>
                <p>Since \(escaped(String(connected.since.rfc3339.prefix(10)))) it can:</p>
                <ul>
                \(rights)
                </ul>
                <form method="post">
                \(proofField)
                <input type="hidden" name="client_id" value="\(escaped(connected.app.clientID))">
                <button name="action" value="revoke" class="plain">Take back</button>
                </form>
                """
        }
        let names = Dictionary(apps.map { ($0.app.clientID, $0.app.name) }) { first, _ in first }
        let happened = events.map { event in
            var words = [event.at.rfc3339, event.event.rawValue.replacing("_", with: " ")]
            if let app = event.app { words.append(names[app] ?? app) }
            if let address = event.address { words.append(address) }
            return "<li>\(escaped(words.joined(separator: " · ")))</li>"
        }
        let content = entries.isEmpty ? "<p>No app can act for you.</p>" : entries.joined(separator: "\n")
        return Page(
            "Connected apps",
            """
            <h1>Apps that can act for @\(escaped(user.username))</h1>
            \(Self.complaint(complaint))\(content)
            <h2>What happened lately</h2>
            <ul class="note">
            \(happened.joined(separator: "\n"))
            </ul>
            <form method="post" class="note">
            \(proofField)
            Not @\(escaped(user.username))? <button name="action" value="sign_out" class="link">Use another account</button>
            </form>
            """)
    }
}
