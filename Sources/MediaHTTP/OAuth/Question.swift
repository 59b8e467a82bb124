import MediaCore
import OAuth
import XMedia

/// What a page is for, once somebody has signed in at it.
struct Question: Sendable {
    /// What the user goes on to after signing in, as the form says it.
    let purpose: String
    /// The buttons that mean something, by their `action`.
    let actions: Set<String>
    /// Where a form of the page may lead in the end, besides this server, as a policy's source.
    var formTarget: String?
    /// The page for this user, with this proof in its forms, and what is to be said above it.
    let page: @Sendable (_ user: User, _ proof: String, _ complaint: String?) async throws -> Page
}

extension Consent {
    /// The question whether an app may do all this.
    var question: Question {
        Question(purpose: app.name, actions: ["allow"], formTarget: destination?.policySource) {
            Page.consent(self, user: $0, proof: $1, complaint: $2)
        }
    }
}
