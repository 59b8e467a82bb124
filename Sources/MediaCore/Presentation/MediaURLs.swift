package import XMedia

/// Where renditions and originals are served.
package struct MediaURLs: Sendable {
    private let address: ServedAddress

    /// Makes the addresses of a server whose own address may be settled later.
    package init(_ address: ServedAddress) { self.address = address }

    /// Makes the addresses of a server.
    package init(base: String) {
        address = ServedAddress()
        address.set(base)
    }

    /// The address under which clients reach the server, without a slash at the end.
    package var base: String { address.base }

    /// A rendition's address; for an HLS stream that of its media playlist.
    package func url(of rendition: Rendition) -> String { "\(base)\(Self.path(of: rendition))" }

    /// An original's address, for its uploader.
    package func url(ofOriginal id: MediaID) -> String { "\(base)/media/originals/\(id)" }

    /// The path of a rendition: `/media/<rendition id>.<extension>`.
    package static func path(of rendition: Rendition) -> String {
        "/media/\(rendition.id).\(fileExtension(of: rendition))"
    }

    /// The file name of the bytes of an HLS stream, beside its playlist.
    package static func streamFile(of rendition: Rendition) -> String { "\(rendition.id).m4s" }

    /// The extension under which a rendition is served.
    package static func fileExtension(of rendition: Rendition) -> String {
        switch rendition.role {
        case .hlsMaster, .hlsStream: "m3u8"
        case .small, .medium, .large, .full, .poster, .mp4:
            switch rendition.contentType {
            case "image/jpeg": "jpg"
            case "image/png": "png"
            case "image/webp": "webp"
            default: "mp4"
            }
        }
    }
}
