package import XMedia

/// Turns rows into media objects of lookups.
package struct MediaPresenter: Sendable {
    private let urls: MediaURLs

    /// Makes a presenter.
    package init(urls: MediaURLs) { self.urls = urls }

    /// The media with the fields asked for; `original` and `metadata` for the uploader only.
    package func media(_ visible: VisibleMedia, fields: Set<Media.Field>, viewer: UserID?) -> Media? {
        let record = visible.media
        guard let facts = record.facts, let kind = facts.kind else { return nil }
        var media = Media(mediaKey: record.mediaKey, type: kind)
        func rendition(_ role: Rendition.Role) -> Rendition? { visible.renditions.first { $0.role == role } }
        if fields.contains(.width) { media.width = facts.width }
        if fields.contains(.height) { media.height = facts.height }
        if fields.contains(.durationMs), kind == .video { media.durationMs = facts.durationMs }
        if fields.contains(.altText) { media.altText = record.metadata.altText }
        if fields.contains(.placeholder) { media.placeholder = facts.placeholder }
        switch kind {
        case .photo:
            if fields.contains(.url) { media.url = rendition(.full).map(urls.url(of:)) }
        case .video, .animatedGIF:
            if fields.contains(.previewImageURL) { media.previewImageURL = rendition(.poster).map(urls.url(of:)) }
            if fields.contains(.variants) { media.variants = variants(visible.renditions) }
        }
        if viewer == record.ownerID {
            if fields.contains(.metadata) { media.metadata = record.metadata }
            if fields.contains(.original), let original = record.original, let size = record.size {
                media.original = UploadData.Original(
                    url: urls.url(ofOriginal: record.id), size: size, sha256: original.sha256)
            }
        }
        return media
    }

    /// Highest bit rate first, the playlist last, as X's answers list them.
    private func variants(_ renditions: [Rendition]) -> [Media.Variant] {
        let files = renditions.filter { $0.role == .mp4 }.sorted { ($0.bitRate ?? 0) > ($1.bitRate ?? 0) }
        let playlists = renditions.filter { $0.role == .hlsMaster }
        return (files + playlists).map { rendition in
            Media.Variant(
                bitRate: rendition.role == .mp4 ? rendition.bitRate : nil, contentType: rendition.contentType,
                url: urls.url(of: rendition))
        }
    }
}
