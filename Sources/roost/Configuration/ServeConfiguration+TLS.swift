import Configuration
import MediaHTTP

extension ConfigReader {
    /// The paths of certificate and key.
    func tls() throws -> (certificate: String, key: String)? {
        switch (string(forKey: "tls_cert"), string(forKey: "tls_key")) {
        case (let certificate?, let key?): return (certificate, key)
        case (nil, nil): return nil
        case (let certificate?, nil):
            throw ServeConfiguration.Invalid(
                key: "tls_cert", value: certificate, expected: "tls_key must be given with it")
        case (nil, let key?):
            throw ServeConfiguration.Invalid(key: "tls_key", value: key, expected: "tls_cert must be given with it")
        }
    }

    /// The ranges of trusted proxies, with commas or spaces between them.
    func trustedProxies() throws -> [IPRange] {
        try string(forKey: "trusted_proxy", default: "").split(whereSeparator: { $0 == "," || $0 == " " }).map { text in
            guard let range = IPRange(String(text)) else {
                throw ServeConfiguration.Invalid(
                    key: "trusted_proxy", value: String(text),
                    expected: "it must be an address or a range, 127.0.0.1 or 10.0.0.0/8 for example")
            }
            return range
        }
    }
}
