import Hummingbird
import MediaCore
import XMedia

/// `GET /media/{rendition id}.{extension}`: pictures, videos, and the playlists and streams of HLS.
///
/// The token is optional; without its owner's, only what a post shows is there.
struct RenditionRoute {
    private let services: RouteServices

    init(_ services: RouteServices) { self.services = services }

    func add(to router: Router<RoostContext>) {
        router.get("/media/{file}") { request, context in
            let parts = (context.parameters.get("file") ?? "").split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let id = RenditionID(parts[0]),
                let found = try await services.media.rendition(id, viewer: context.mediaViewer),
                let served = Self.served(found, fileExtension: parts[1])
            else { throw HTTPProblem.noRoute(request.uri.path) }
            return try await served.response(to: request, from: services.blobs, logger: context.logger)
        }
    }

    /// What stands under this extension; nil when nothing does.
    private static func served(_ found: ServedRendition, fileExtension: Substring) -> Served? {
        let rendition = found.rendition
        let isPlaylist = rendition.role == .hlsMaster || rendition.role == .hlsStream
        switch fileExtension {
        case "m3u8" where isPlaylist:
            let text = rendition.role == .hlsMaster ? HLSPlaylist.master(found.streams) : HLSPlaylist.media(rendition)
            guard let text else { return nil }
            // More heights may be added, so playlists are asked for again each time.
            return Served(
                .text(text), tag: EntityTag(ofText: text), contentType: "application/x-mpegURL",
                isPublic: found.isPublic, isImmutable: false)
        case "m4s" where rendition.role == .hlsStream,
            MediaURLs.fileExtension(of: rendition)[...] where !isPlaylist:
            guard let blob = rendition.blob else { return nil }
            return Served(
                .blob(blob, size: rendition.size), tag: EntityTag(of: rendition), contentType: rendition.contentType,
                isPublic: found.isPublic, isImmutable: true)
        default:
            return nil
        }
    }
}
