import MediaCore
import XMedia

/// What a request for posts wants besides them: `expansions=attachments.media_keys` and `media.fields`.
///
/// `tweet.fields` and other expansions have no effect: posts always carry all members that Roost has, and X's names for
/// the others differ from one version of its document to the next.
struct PostExpansion {
    private let includesMedia: Bool
    private let mediaFields: Set<Media.Field>

    /// Reads a query.
    ///
    /// - Throws: 400 for a name in `media.fields` that is not known.
    init(_ query: FormFields) throws(HTTPProblem) {
        includesMedia = query.list("expansions").contains("attachments.media_keys")
        mediaFields = try query.mediaFields()
    }

    /// The posts as the viewer sees them, with the media that were asked for.
    func expand(
        _ records: [PostRecord], services: RouteServices, viewer: UserID?
    ) async throws(ServiceError) -> (posts: [Post], includes: Includes?) {
        let ids = Set(records.flatMap(\.mediaIDs))
        let media = try await services.media.lookup(Array(ids), viewer: viewer)
        let posts = records.map { PostPresenter(urls: services.urls).post($0, media: media) }
        guard includesMedia else { return (posts, nil) }
        let presenter = MediaPresenter(urls: services.urls)
        var seen: Set<MediaID> = []
        let included = records.flatMap(\.mediaIDs).filter { seen.insert($0).inserted }.compactMap { id in
            media[id].flatMap { presenter.media($0, fields: mediaFields, viewer: viewer) }
        }
        return (posts, included.isEmpty ? nil : Includes(media: included))
    }
}
