import Crypto
import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore
import OAuth
import XMedia

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A page for people: HTML that needs no script, loads nothing, and is shown in no frame.
struct Page {
    private let title: String
    /// What stands in `main`; everything that came from outside went through ``escaped(_:)``.
    private let content: String

    init(_ title: String, _ content: String) {
        self.title = title
        self.content = content
    }

    /// The form to sign in.
    static func signIn(to purpose: String, proof: String, username: String = "", complaint: String?) -> Page {
        Page(
            "Sign in",
            """
            <h1>Sign in</h1>
            <p>to continue to <strong>\(escaped(purpose))</strong></p>
            \(Self.complaint(complaint))<form method="post">
            <input type="hidden" name="proof" value="\(escaped(proof))">
            <label>Username<input name="username" value="\(escaped(username))" autocomplete="username" autocapitalize="none" \
            spellcheck="false" maxlength="16" required\(username.isEmpty ? " autofocus" : "")></label>
            <label>Password<input name="password" type="password" autocomplete="current-password" maxlength="1024" required\
            \(username.isEmpty ? "" : " autofocus")></label>
            <button name="action" value="sign_in">Sign in</button>
            <button name="action" value="deny" class="plain" formnovalidate>Cancel</button>
            </form>
            """)
    }

    /// The question.
    static func consent(_ consent: Consent, user: User, proof: String, complaint: String?) -> Page {
        let rights = consent.rights.map { "<li>\(escaped($0))</li>" }.joined(separator: "\n")
        let goesTo = consent.destination.map { uri in
            "<p class=\"note\">Your answer goes to <strong>\(escaped(uri.host ?? "\(uri.scheme):"))</strong>.</p>"
        }
        let proofField = "<input type=\"hidden\" name=\"proof\" value=\"\(escaped(proof))\">"
        return Page(
            "Allow \(consent.app.name)?",
            """
            <h1>Allow \(escaped(consent.app.name))?</h1>
            \(Self.complaint(complaint))<p>It wants to act for <strong>@\(escaped(user.username))</strong>. It could:</p>
            <ul>
            \(rights)
            </ul>
            <form method="post">
            \(proofField)
            <button name="action" value="allow">Allow</button>
            <button name="action" value="deny" class="plain">Cancel</button>
            </form>
            \(goesTo ?? "")
            <form method="post" class="note">
            \(proofField)
            Not @\(escaped(user.username))? <button name="action" value="sign_out" class="link">Use another account</button>
            </form>
            """)
    }

    /// Why nothing can be asked.
    static func refusal(_ reason: String) -> Page {
        Page(
            "This did not work",
            """
            <h1>This did not work</h1>
            <p>\(escaped(reason))</p>
            <p class="note">The app that sent you here must be set up in another way. Nothing was allowed, and nothing was \
            sent to it.</p>
            """)
    }

    /// A page with one message, such as a PIN.
    ///
    /// - Parameters:
    ///   - title: the heading.
    ///   - message: a sentence.
    ///   - code: something to be typed elsewhere.
    /// - Returns: the page.
    static func message(_ title: String, _ message: String, code: String? = nil) -> Page {
        let code = code.map { "<p><code>\(escaped($0))</code></p>" } ?? ""
        return Page(title, "<h1>\(escaped(title))</h1>\n<p>\(escaped(message))</p>\n\(code)")
    }

    /// The answer.
    ///
    /// - Parameters:
    ///   - status: its status.
    ///   - formTarget: where a form of the page may lead in the end, besides this server, as a policy's source.
    /// - Returns: the answer, which nobody may keep or frame.
    func response(status: HTTPResponse.Status = .ok, formTarget: String? = nil) -> Response {
        let html = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(title)) – Roost</title>
            <style>\(Self.style)</style>
            <main>
            \(content)
            </main>
            </html>

            """
        let forms = formTarget.map { "'self' \($0)" } ?? "'self'"
        return Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: "default-src 'none'; style-src '\(Self.styleDigest)'; form-action \(forms); "
                    + "frame-ancestors 'none'; base-uri 'none'",
                .xFrameOptions: "DENY", .xContentTypeOptions: "nosniff",
                // `no-referrer` would make the forms' `Origin` null; to other sites this sends nothing either.
                .referrerPolicy: "same-origin",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    static func complaint(_ text: String?) -> String {
        text.map { "<p class=\"complaint\" role=\"alert\">\(escaped($0))</p>\n" } ?? ""
    }

    /// The text as it stands in an element or in an attribute with double quotes.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// In the policy, so that no other style counts.
    private static let styleDigest = "sha256-" + Data(SHA256.hash(data: Array(style.utf8))).base64EncodedString()

    private static let style = """
        :root { color-scheme: light dark; --line: #8886; --accent: #1d6fd8; }
        * { box-sizing: border-box; }
        body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; display: grid; min-height: 100vh; place-items: center; }
        main { width: min(26rem, 100%); padding: 2rem 1.5rem; border: 1px solid var(--line); border-radius: 1rem; }
        h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
        p { margin: .5rem 0; overflow-wrap: anywhere; }
        ul { margin: .5rem 0 1.25rem; padding-left: 1.25rem; }
        label { display: block; margin: 1rem 0; font-size: .9rem; }
        input { display: block; width: 100%; font: inherit; font-size: 1rem; padding: .6rem .75rem; margin-top: .25rem; \
        border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: inherit; }
        button { display: block; width: 100%; font: inherit; font-weight: 600; padding: .7rem; margin-top: .75rem; \
        border: 1px solid var(--accent); border-radius: 2rem; background: var(--accent); color: #fff; cursor: pointer; }
        button.plain { background: transparent; border-color: var(--line); color: inherit; }
        button.link { display: inline; width: auto; margin: 0; padding: 0; border: 0; background: none; \
        font-weight: 400; color: var(--accent); text-decoration: underline; }
        .note { font-size: .85rem; margin-top: 1.25rem; opacity: .85; }
        .complaint { border-left: .25rem solid #c33; padding: .25rem .75rem; }
        code { font-size: 2rem; letter-spacing: .15em; }
        """
}

extension HTTPField.Name {
    /// The names are valid, so there are values.
    static let xFrameOptions = HTTPField.Name("x-frame-options")!
}
