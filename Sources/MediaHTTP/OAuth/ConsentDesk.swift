import Crypto
import HTTPTypes
import Hummingbird
import MediaCore
import OAuth
import XMedia

/// Signs users in and asks them something, for their consent by OAuth 2.0 and 1.0a alike: one page, which answers its own
/// forms.
///
/// Every form comes back to the address it was shown at, with a proof that it was shown to this browser for exactly this
/// request. So a request needs no memory here, and no other page can send a form in the user's name.
struct ConsentDesk: Sendable {
    let accounts: AccountService
    let urls: MediaURLs

    /// What a request came to.
    enum Outcome {
        /// The browser is to show this.
        case page(Response)
        /// This user pressed one of the question's buttons, just now; with the form's fields.
        case pressed(User, FormFields)
        /// Somebody pressed the button that says no.
        case denied
    }

    /// Answers a request for the page, or one of its forms.
    ///
    /// - Parameters:
    ///   - request: the browser's.
    ///   - question: what is asked.
    ///   - address: for whom wrong passwords are counted.
    /// - Returns: what it came to.
    /// - Throws: `StoreError`, `ServiceError`; what reading the body throws.
    func ask(_ request: Request, for question: Question, from address: String? = nil) async throws -> Outcome {
        let cookie = BrowserCookie(urls: urls)
        let secret = cookie.value(in: request)
        guard request.method == .post else {
            // A browser that has no cookie yet gets one with the form.
            return try await .page(shown(secret, at: request, question, cookie))
        }
        let fields = request.bodyType == .form ? try await request.formBody() : FormFields()
        guard !request.isCrossSite, let secret, let proof = fields["proof"],
            isEqualInConstantTime(proof.utf8, Self.proof(secret, request).utf8)
        else {
            var page = try await shown(
                secret, at: request, question, cookie, complaint: "This page was out of date. Please try again.")
            page.status = .forbidden
            return .page(page)
        }
        switch fields["action"] {
        case "sign_in": return try await .page(signIn(fields, secret, request, question, cookie, from: address))
        case "deny": return .denied
        case "sign_out":
            try await accounts.endSession(secret)
            return .page(Self.again(request, cookie: cookie.cleared))
        case let action? where question.actions.contains(action):
            guard let user = try await accounts.user(ofSession: secret) else {
                return try await .page(shown(secret, at: request, question, cookie))
            }
            return .pressed(user, fields)
        default:
            return try await .page(shown(secret, at: request, question, cookie))
        }
    }

    /// The page as it is for whoever has this cookie: the form to sign in, or the question.
    private func shown(
        _ secret: String?, at request: Request, _ question: Question, _ cookie: BrowserCookie, complaint: String? = nil
    ) async throws -> Response {
        if let secret, let user = try await accounts.user(ofSession: secret) {
            return try await question.page(user, Self.proof(secret, request), complaint)
                .response(formTarget: question.formTarget)
        }
        let visit = secret ?? Secrets.random()
        var page = Page.signIn(to: question.purpose, proof: Self.proof(visit, request), complaint: complaint)
            .response(formTarget: question.formTarget)
        if secret == nil { page.headers.append(HTTPField(name: .setCookie, value: cookie.set(visit))) }
        return page
    }

    private func signIn(
        _ fields: FormFields, _ secret: String, _ request: Request, _ question: Question, _ cookie: BrowserCookie,
        from address: String?
    ) async throws -> Response {
        let username = fields["username"] ?? ""
        let name = username.hasPrefix("@") ? String(username.dropFirst()) : username
        func again(_ complaint: String, _ status: HTTPResponse.Status) -> Response {
            Page.signIn(
                to: question.purpose, proof: Self.proof(secret, request), username: username, complaint: complaint
            ).response(status: status, formTarget: question.formTarget)
        }
        do {
            guard
                let user = try await accounts.signIn(username: name, password: fields["password"] ?? "", from: address)
            else { return again("There is no user with this name and this password.", .forbidden) }
            // A cookie of its own: one that somebody else may have put into the browser is worth nothing afterwards.
            try await accounts.endSession(secret)
            return Self.again(request, cookie: cookie.set(try await accounts.beginSession(for: user)))
        } catch {
            guard let refusal = error as? ServiceError, case .tooManyGuesses(let retryAfter) = refusal else {
                throw error
            }
            let seconds = max(1, Int(retryAfter.inSeconds.rounded(.up)))
            var page = again("Too many wrong passwords. Please try again in \(seconds) seconds.", .tooManyRequests)
            page.headers[.retryAfter] = "\(seconds)"
            return page
        }
    }

    /// The same page anew, by `GET`.
    ///
    /// The path comes from the route's own words: one that begins with two slashes would lead to another host.
    private static func again(_ request: Request, cookie: String) -> Response {
        let path = request.uri.path.drop { $0 == "/" }
        var response = Response.movedOn(to: "/\(path)" + (request.uri.query.map { "?\($0)" } ?? ""))
        response.headers.append(HTTPField(name: .setCookie, value: cookie))
        return response
    }

    /// What only the browser with this cookie can know, for one request only.
    private static func proof(_ secret: String, _ request: Request) -> String {
        let message = "proof of \(request.uri.path)?\(request.uri.query ?? "")"
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(message.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return Base64URL.encode(Array(code))
    }
}

extension Request {
    /// Whether the browser says that another site's page sent this (https://www.w3.org/TR/fetch-metadata/).
    fileprivate var isCrossSite: Bool {
        guard let site = headers[.secFetchSite] else { return false }
        return site != "same-origin" && site != "none"
    }
}

extension HTTPField.Name {
    /// The name is valid, so there is a value.
    fileprivate static let secFetchSite = HTTPField.Name("sec-fetch-site")!
}
