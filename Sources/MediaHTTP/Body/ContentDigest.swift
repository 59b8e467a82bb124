import HTTPTypes
import JSONBody
import NIOCore

/// A SHA-256 that a request announces of its own content (RFC 9530).
///
/// `Content-Digest` and `Repr-Digest` are the same here: a request without `Content-Encoding` carries its whole
/// representation. Algorithms besides `sha-256` are ignored, as RFC 9530 §2 permits.
struct ContentDigest: Equatable {
    /// The header that announced it.
    let header: String
    /// 32 bytes.
    let sha256: [UInt8]

    /// Reads the digests of a request.
    ///
    /// - Throws: 400 for a header that is no dictionary of byte sequences (RFC 8941 §3.2, §3.3.5), or whose sha-256
    ///   has no 32 bytes.
    static func announced(in headers: HTTPFields) throws(HTTPProblem) -> [ContentDigest] {
        var digests: [ContentDigest] = []
        for name in [HTTPField.Name.contentDigest, .reprDigest] {
            guard let value = headers[name] else { continue }
            guard let members = members(of: value), members["sha-256"].map({ $0.count == 32 }) ?? true else {
                throw .invalidRequest(
                    "The \(name.rawName) header [\(value.prefix(200))] is not of the form sha-256=:<base64 of 32 bytes>:"
                )
            }
            if let sha256 = members["sha-256"] {
                digests.append(ContentDigest(header: name.rawName, sha256: sha256))
            }
        }
        return digests
    }

    /// The members of a dictionary of byte sequences; the last of equal keys counts (RFC 8941 §4.2.2).
    private static func members(of value: String) -> [String: [UInt8]]? {
        var members: [String: [UInt8]] = [:]
        for member in value.split(separator: ",", omittingEmptySubsequences: false) {
            let member = member.trimming { $0 == " " || $0 == "\t" }
            let key = member.prefix { $0 != "=" }
            guard !key.isEmpty else { return nil }
            // What an unknown algorithm's value looks like is not ours to judge.
            guard key == "sha-256" else { continue }
            guard let bytes = byteSequence(member.dropFirst(key.count + 1)) else { return nil }
            members[String(key)] = bytes
        }
        return members
    }

    private static func byteSequence(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count >= 2, text.first == ":", text.last == ":" else { return nil }
        var decoder = StreamingBase64Decoder()
        var bytes = ByteBuffer()
        do {
            try decoder.decode(ByteBuffer(substring: text.dropFirst().dropLast()), into: &bytes)
            try decoder.finish(into: &bytes)
        } catch {
            return nil
        }
        return Array(bytes.readableBytesView)
    }
}

extension HTTPField.Name {
    /// RFC 9530 §2; the names are valid, so there is a value.
    static let contentDigest = HTTPField.Name("Content-Digest")!
    static let reprDigest = HTTPField.Name("Repr-Digest")!
}

extension Substring {
    /// The text without such characters at both ends.
    func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var text = drop(while: isTrimmed)
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
