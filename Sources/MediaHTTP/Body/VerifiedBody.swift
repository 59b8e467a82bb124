import Crypto
import Hummingbird
import NIOCore

/// A request's body, pulled piece by piece and compared with the digests that its headers announce.
struct VerifiedBody {
    private var bytes: RequestBody.AsyncIterator
    private let digests: [ContentDigest]
    private var hash = SHA256()

    /// Takes the body of a request; nothing is pulled yet.
    ///
    /// - Throws: 400 for a malformed digest.
    init(_ request: Request) throws(HTTPProblem) {
        digests = try ContentDigest.announced(in: request.headers)
        bytes = request.body.makeAsyncIterator()
    }

    /// The next bytes; nil at the end, once every digest was found to be that of the content.
    ///
    /// - Throws: 400 when a digest differs, and what the connection throws.
    mutating func next() async throws -> ByteBuffer? {
        if let buffer = try await bytes.next(isolation: #isolation) {
            // A digest costs half a second per GB, so only those who asked pay for it.
            if !digests.isEmpty { hash.update(bytes: buffer) }
            return buffer
        }
        guard !digests.isEmpty else { return nil }
        let found = Array(hash.finalize())
        for digest in digests where digest.sha256 != found {
            throw HTTPProblem.invalidRequest("The content received is not that of the \(digest.header) header")
        }
        return nil
    }
}

extension SHA256 {
    fileprivate mutating func update(bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { update(bufferPointer: $0) }
    }
}
