import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore
import XMedia

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a client sends to the token endpoint: its parameters, in a form or in JSON, and how it says who it is.
struct ClientRequest {
    private let fields: FormFields
    private let basic: (id: String, secret: String)?
    /// For whom wrong secrets are counted.
    private let address: String?

    private init(fields: FormFields, basic: (id: String, secret: String)?, address: String?) {
        self.fields = fields
        self.basic = basic
        self.address = address
    }

    /// Reads the request.
    ///
    /// Some clients of X send JSON, and their credentials twice: in the header and in the body. The query is not looked at:
    /// what stands in an address is logged by everybody (RFC 6749 §2.3.1).
    ///
    /// - Throws: ``OAuthError``; what reading the body throws.
    static func read(_ request: Request, _ context: RoostContext) async throws -> ClientRequest {
        let fields = try await parameters(of: request)
        // RFC 6749 §3.2: parameters must not be included more than once.
        var names: Set<String> = []
        if let repeated = fields.fields.first(where: { !names.insert($0.name).inserted })?.name {
            throw OAuthError("invalid_request", "Parameter [\(repeated.prefix(50))] was sent more than once.")
        }
        return ClientRequest(
            fields: fields, basic: try basic(request.headers[.authorization]),
            address: context.origin.address?.household)
    }

    private static func parameters(of request: Request) async throws -> FormFields {
        switch request.bodyType {
        case .json: return try members(of: try await request.smallBody())
        case .form, .absent: return try await request.formBody()
        case .multipart, .other:
            throw OAuthError("invalid_request", "The body must be application/x-www-form-urlencoded or JSON.")
        }
    }

    private static func members(of body: ByteBuffer) throws -> FormFields {
        guard case .object(let members)? = try? JSONValue(parsing: body) else {
            throw OAuthError("invalid_request", "The body must be a JSON object.")
        }
        return FormFields(
            try members.map { name, value in
                guard let text = value.stringValue else {
                    throw OAuthError("invalid_request", "Value passed for [\(name.prefix(50))] must be a string.")
                }
                return (name, text)
            })
    }

    /// A parameter; nil when it is absent or empty (RFC 6749 §3.2).
    subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A parameter that must be there.
    ///
    /// - Throws: ``OAuthError``.
    func required(_ name: String) throws(OAuthError) -> String {
        guard let value = self[name] else { throw .missing(name) }
        return value
    }

    /// The client, which has said who it is: by `Authorization: Basic`, or by `client_id` and `client_secret` in the body, or,
    /// without a secret, by `client_id`.
    ///
    /// - Throws: ``OAuthError``, `StoreError`.
    func client(_ apps: AppService) async throws -> AppRecord {
        let inBody = self["client_id"]
        if let basic {
            // Two names, or two secrets, are one too many to trust.
            guard inBody == nil || inBody == basic.id else { throw OAuthError.client }
            if let secret = self["client_secret"], secret != basic.secret { throw OAuthError.client }
        }
        guard let id = basic?.id ?? inBody else { throw OAuthError.client }
        let secret = basic?.secret ?? self["client_secret"]
        guard let app = try await apps.authenticate(clientID: id, secret: secret, from: address) else {
            throw OAuthError.client
        }
        return app
    }

    /// The client by its consumer key and secret, in `Authorization: Basic`; nil when it showed others.
    ///
    /// - Throws: `ServiceError`.
    func consumer(_ apps: AppService) async throws -> AppRecord? {
        guard let basic else { return nil }
        return try await apps.authenticate(consumerKey: basic.id, secret: basic.secret, from: address)
    }

    /// Name and secret of `Authorization: Basic`; nil for another scheme or none.
    ///
    /// RFC 6749 §2.3.1 has both form-encoded first. Ours have only characters that stay as they are.
    private static func basic(_ header: String?) throws(OAuthError) -> (id: String, secret: String)? {
        guard let header else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard let scheme = parts.first, scheme.lowercased() == "basic" else { return nil }
        guard parts.count == 2, header.utf8.count < 4096, let data = Data(base64Encoded: String(parts[1])),
            let text = String(bytes: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
        else { throw .client }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
