import Crypto
import MediaCore

/// A strong entity tag (RFC 9110 §8.8.3): two answers with the same tag have the same bytes.
struct EntityTag: Equatable {
    /// The tag in its quotes.
    let text: String

    /// The tag of a rendition: bytes under a rendition's id never change, size and checksum say so to everybody.
    init(of rendition: Rendition) {
        let parts = [rendition.id.rawValue, UInt64(rendition.size), UInt64(rendition.crc32c)]
        text = "\"\(parts.map { String($0, radix: 16) }.joined(separator: "-"))\""
    }

    /// The tag of an original.
    init(of original: OriginalBlob) { text = "\"\(original.sha256)\"" }

    /// The tag of a text.
    init(ofText content: String) {
        let digest = SHA256.hash(data: Array(content.utf8))
        text = "\"\(digest.prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())\""
    }

    /// Whether a list of tags, as in `If-Match`, names this one by strong comparison.
    func isListed(in list: String) -> Bool { tags(list).contains { $0 == "*" || $0 == text } }

    /// Whether a list of tags, as in `If-None-Match`, names this one by weak comparison.
    func isListedWeakly(in list: String) -> Bool {
        tags(list).contains { $0 == "*" || ($0.hasPrefix("W/") ? $0.dropFirst(2) : $0) == text }
    }

    /// A comma may stand within a tag, but within none of ours, so no part of a foreign tag is taken for one.
    private func tags(_ list: String) -> [Substring] {
        list.split(separator: ",").map { $0.trimming { $0 == " " || $0 == "\t" } }
    }
}
