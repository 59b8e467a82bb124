package import XMedia

/// Turns rows into posts.
package struct PostPresenter: Sendable {
    private let urls: MediaURLs

    /// Makes a presenter.
    package init(urls: MediaURLs) { self.urls = urls }

    /// The text with a link to the first medium appended.
    ///
    /// X appends a t.co link that leads to the media; Roost's link leads to the file itself.
    package func text(of post: PostRecord, media: [MediaID: VisibleMedia]) -> String {
        guard let first = post.mediaIDs.first, let visible = media[first] else { return post.text }
        let order: [Rendition.Role] = [.full, .mp4, .poster]
        let best = order.lazy.compactMap { role in
            visible.renditions.filter { $0.role == role }.max { ($0.bitRate ?? 0) < ($1.bitRate ?? 0) }
        }.first
        guard let best else { return post.text }
        return post.text.isEmpty ? urls.url(of: best) : "\(post.text) \(urls.url(of: best))"
    }

    /// The post as lookup and timeline show it.
    package func post(_ post: PostRecord, media: [MediaID: VisibleMedia]) -> Post {
        Post(
            id: post.id, text: text(of: post, media: media), authorID: post.authorID,
            createdAt: post.createdAt.rfc3339, mediaKeys: post.mediaIDs.compactMap { media[$0]?.media.mediaKey })
    }
}
