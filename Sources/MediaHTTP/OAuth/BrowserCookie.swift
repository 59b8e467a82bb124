import Crypto
import HTTPTypes
import Hummingbird
import MediaCore

/// The one cookie: a secret of the browser, which becomes a session when somebody signs in.
///
/// No script can read it, and no other site's page can send forms with it (`SameSite=Lax`; the way here from an app is a
/// link, so `Strict` would ask for the password each time).
struct BrowserCookie {
    private let name: String
    private let attributes: String

    init(urls: MediaURLs) {
        // Cookies know hosts, not ports (RFC 6265 §8.5): two servers on one host would take each other's, and sign each
        // other's users out. The address is in the name, so that each has its own.
        let address = SHA256.hash(data: Array(urls.base.utf8)).prefix(4)
        let name = "roost-" + address.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        // Under TLS the prefix makes sure that no other host and no page without TLS has set it (RFC 6265bis §4.1.3.2).
        let isSecure = urls.base.hasPrefix("https://")
        self.name = isSecure ? "__Host-\(name)" : name
        attributes = "; Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }

    /// The cookie's value; nil when there is none, or none of ours.
    func value(in request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard pair.hasPrefix(name + "=") else { continue }
                let value = pair.dropFirst(name.count + 1)
                return (43...256).contains(value.utf8.count) ? String(value) : nil
            }
        }
        return nil
    }

    /// A `Set-Cookie` with this value, for as long as a session lasts.
    func set(_ value: String) -> String {
        "\(name)=\(value)\(attributes); Max-Age=\(AccountService.sessionLifetime.components.seconds)"
    }

    /// A `Set-Cookie` that takes the cookie away.
    var cleared: String { "\(name)=\(attributes); Max-Age=0" }
}
