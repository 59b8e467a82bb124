package import XMedia

/// The name of bytes in a ``BlobStore``; made of ids only, never of anything a client sent.
///
/// `unique` starts with the boot id of the server that made the name, so that a sweeper can tell files that a killed
/// server left behind from files that this one is about to name in a row.
package struct BlobName: Hashable, Sendable, CustomStringConvertible {
    /// What the bytes are.
    package enum Kind: String, Sendable, CaseIterable {
        case attempt = "attempts"
        case original = "originals"
        case rendition = "renditions"
    }

    /// What the bytes are.
    package let kind: Kind
    /// The media they belong to.
    package let mediaID: MediaID
    /// `<boot id>-<serial>`: letters, digits and hyphens.
    package let unique: String

    /// Makes a name; nil when `unique` holds anything but letters, digits and hyphens, or is no part of a name.
    package init?(kind: Kind, mediaID: MediaID, unique: some StringProtocol) {
        guard !unique.isEmpty, unique.utf8.count <= 64,
            unique.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
            })
        else { return nil }
        self.kind = kind
        self.mediaID = mediaID
        self.unique = String(unique)
    }

    /// Reads the form `kind/media id/unique`; nil for everything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let mediaID = MediaID(parts[1]) else {
            return nil
        }
        self.init(kind: kind, mediaID: mediaID, unique: parts[2])
    }

    /// The form `kind/media id/unique`.
    package var description: String { "\(kind.rawValue)/\(mediaID)/\(unique)" }

    /// The boot id of the server that made the name.
    package var bootID: Substring { unique.prefix { $0 != "-" } }
}
