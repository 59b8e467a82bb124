import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore
import OAuth

/// Verifies signed requests; what they are allowed to do is decided elsewhere.
struct OAuth1Verifier: Sendable {
    let service: OAuth1Service
    let origins: SigningOrigins

    init(service: OAuth1Service, urls: MediaURLs) {
        self.service = service
        origins = SigningOrigins(urls: urls)
    }

    /// Verifies a request and accepts it, once.
    ///
    /// A form's body is part of what is signed, so it is read here, within the limit of forms; every other body stays where
    /// it is.
    ///
    /// - Parameters:
    ///   - request: the request; a form's body is put back into it.
    ///   - header: its `Authorization`.
    ///   - keys: finds the secrets.
    /// - Returns: the header, read, and the keys.
    /// - Throws: ``OAuth1Refusal``, 413 for a form that is too large, and what the catalog and the connection throw.
    func verify(
        _ request: inout Request, header: String,
        keys: (OAuthAuthorization) async throws -> OAuth1Keys
    ) async throws -> (OAuthAuthorization, OAuth1Keys) {
        let authorization: OAuthAuthorization
        do {
            authorization = try OAuthAuthorization(header: header)
        } catch {
            throw error == .method || error == .version ? OAuth1Refusal.method : OAuth1Refusal.malformed
        }
        try service.checkTimestamp(authorization)
        let keys = try await keys(authorization)
        var form: [UInt8] = []
        let type = request.bodyType
        if type == .form {
            let body = try await request.smallBody(limit: request.formLimit)
            form = Array(body.readableBytesView)
            request.body = RequestBody(buffer: body)
        }
        let signed = SignedRequest(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "", form: form,
            isMultipart: type.isMultipart)
        let candidates = origins.candidates(host: request.head.authority)
        // A large form takes so long that the event loop goes on with other requests meanwhile.
        let isSigned =
            if form.count > Request.smallBodyLimit {
                await withTaskExecutorPreference(globalConcurrentExecutor) {
                    await Self.isSigned(signed, authorization, with: keys.key, origins: candidates)
                }
            } else { signed.isSigned(authorization, with: keys.key, origins: candidates) }
        guard isSigned else { throw OAuth1Refusal.signature }
        try service.admit(authorization)
        return (authorization, keys)
    }

    @concurrent private static func isSigned(
        _ request: SignedRequest, _ authorization: OAuthAuthorization, with key: SigningKey, origins: [String]
    ) async -> Bool {
        request.isSigned(authorization, with: key, origins: origins)
    }
}

extension BodyType {
    fileprivate var isMultipart: Bool {
        if case .multipart = self { true } else { false }
    }
}
