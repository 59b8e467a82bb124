import HTTPTypes
import Hummingbird
import Logging
import MediaCore
import NIOCore
import XMedia

/// Something that is served under an address of its own, with the conditions and ranges of RFC 9110.
struct Served {
    /// Where the bytes are.
    enum Content {
        /// A blob of this size.
        case blob(BlobName, size: Int64)
        /// A text made for this answer.
        case text(String)
    }

    /// Where the bytes are.
    let content: Content
    /// The tag of these bytes.
    let tag: EntityTag
    /// Type, caching and whatever else is said of the bytes; also on 304.
    var headers: HTTPFields

    /// Makes what is served.
    ///
    /// - Parameters:
    ///   - content: where the bytes are.
    ///   - tag: the tag of these bytes.
    ///   - contentType: the type that browsers must take it for.
    ///   - isPublic: whether everybody may read it; otherwise no cache that serves several users may keep it.
    ///   - isImmutable: whether the bytes under this address never change.
    init(_ content: Content, tag: EntityTag, contentType: String, isPublic: Bool, isImmutable: Bool) {
        self.content = content
        self.tag = tag
        let caching =
            switch (isPublic, isImmutable) {
            case (true, true): "public, max-age=86400, immutable"
            case (true, false): "no-cache"
            case (false, _): "private, no-cache"
            }
        headers = [
            .contentType: contentType,
            .eTag: tag.text,
            .cacheControl: caching,
            .acceptRanges: "bytes",
            .xContentTypeOptions: "nosniff",
            // Opened on its own, a file may show itself and nothing more: no script, no form, no window. It keeps its
            // origin, because from an opaque one Chromium refuses to load the video that the document shows.
            .contentSecurityPolicy: "sandbox allow-same-origin; default-src 'none'; "
                + "img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'",
            .crossOriginResourcePolicy: isPublic ? "cross-origin" : "same-origin",
        ]
    }

    /// The answer to a GET or HEAD.
    ///
    /// - Throws: 412, 416, and ``StoreError`` when the blob cannot be opened.
    func response(to request: Request, from blobs: any BlobStore, logger: Logger) async throws -> Response {
        if let list = request.headers[.ifMatch], !tag.isListed(in: list) {
            throw HTTPProblem(.preconditionFailed, detail: "The entity tag is \(tag.text) now.")
        }
        if let list = request.headers[.ifNoneMatch], tag.isListedWeakly(in: list) {
            var response = Response(status: .notModified, headers: headers)
            // RFC 9110 §8.6: it would have to be the length of a 200's content.
            response.headers[.contentLength] = nil
            return response
        }
        switch content {
        case .text(let text):
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        case .blob(let name, let size):
            return try await response(to: request, with: name, size: size, from: blobs, logger: logger)
        }
    }

    private func response(
        to request: Request, with name: BlobName, size: Int64, from blobs: any BlobStore, logger: Logger
    ) async throws -> Response {
        var headers = headers
        var status = HTTPResponse.Status.ok
        var range = 0..<size
        // RFC 9110 §14.2: ranges are for GET; §13.1.5: `If-Range` compares strongly, and there is no date to compare.
        let isRangeWanted = request.method == .get && request.headers[.ifRange].map { $0 == tag.text } ?? true
        switch isRangeWanted ? RequestedRange(request.headers[.range], size: size) : .whole {
        case .whole:
            break
        case .part(let part):
            range = part
            status = .partialContent
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
        case .unsatisfiable:
            throw HTTPProblem(
                .rangeNotSatisfiable, detail: "The file has \(size) bytes.",
                headers: [.contentRange: "bytes */\(size)"])
        }
        let bytes = try await blobs.read(name, range: range)
        let body = ResponseBody(contentLength: range.count) { writer in
            do {
                for try await buffer in bytes { try await writer.write(buffer) }
            } catch {
                // Status and length are gone out; what is left is to cut the connection, which throwing does.
                logger.warning("answer cut", metadata: ["blob": "\(name)", "error": "\(error)"])
                throw error
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }
}

extension RoostContext {
    /// The user, if the request has a token with which media are read or written.
    var mediaViewer: UserID? {
        guard case .principal(let principal) = authentication,
            !principal.scopes.isDisjoint(with: [.mediaWrite, .tweetRead])
        else { return nil }
        return principal.userID
    }
}
