package import XMedia

/// Finished media: lookup, metadata, renditions.
package struct MediaService: Sendable {
    private let catalog: any Catalog
    private let clock: any WallClock

    /// Makes the service.
    package init(catalog: any Catalog, clock: any WallClock) {
        self.catalog = catalog
        self.clock = clock
    }

    /// The media of these ids that the viewer may see, with their renditions.
    ///
    /// Ready media are seen by their owners, and by everybody once a post shows them.
    /// - Parameter viewer: nil for an app-only bearer.
    /// - Throws: ``ServiceError/storeFailed(_:)``.
    package func lookup(_ ids: [MediaID], viewer: UserID?) async throws(ServiceError) -> [MediaID: VisibleMedia] {
        do {
            let now = clock.now
            let visible = try await catalog.media(ids).filter { media in
                media.state == .succeeded && !media.isExpired(at: now) && media.facts?.kind != nil
                    && (media.isPublic || viewer.map(media.isReadable(by:)) ?? false)
            }
            let renditions = try await catalog.renditions(of: visible.map(\.id))
            let byMedia = Dictionary(grouping: renditions, by: \.mediaID)
            return Dictionary(
                uniqueKeysWithValues: visible.map { media in
                    (media.id, VisibleMedia(media: media, renditions: byMedia[media.id] ?? []))
                })
        } catch {
            throw ServiceError(error)
        }
    }

    /// Sets members of a medium's metadata; returns all members as they are stored now.
    ///
    /// - Throws: ``ServiceError/mediaNotFound(_:)``, ``ServiceError/notFinalized(_:)``,
    ///   ``ServiceError/metadataRefused(_:)``, ``ServiceError/storeFailed(_:)``.
    package func setMetadata(_ members: MediaMetadata, of id: MediaID, by user: UserID) async throws(ServiceError)
        -> MediaMetadata
    {
        if let geo = members["geo_restrictions"], geo != .null {
            // X: exactly one of the two lists may hold entries (docs.x.com/x-api/media/create-media-metadata).
            let filled = ["whitelisted_country_codes", "blacklisted_country_codes"].filter { name in
                if case .array(let items)? = geo[name] { !items.isEmpty } else { false }
            }
            if filled.count != 1 {
                throw .metadataRefused(
                    "Exactly one of whitelisted_country_codes and blacklisted_country_codes must have entries")
            }
        }
        do {
            if let stored = try await catalog.setMetadata(members, of: id, owner: user, at: clock.now) {
                return stored.metadata
            }
            let media = try await catalog.media(id)
            guard let media, media.ownerID == user, media.state == .uploading, !media.isExpired(at: clock.now) else {
                throw ServiceError.mediaNotFound(id)
            }
            throw ServiceError.notFinalized(id)
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// A rendition and whether everybody may read it; nil when the viewer may not know of it.
    ///
    /// - Parameter viewer: nil without a token, or with an app-only bearer.
    /// - Throws: ``ServiceError/storeFailed(_:)``.
    package func rendition(_ id: RenditionID, viewer: UserID?) async throws(ServiceError) -> ServedRendition? {
        do {
            guard let (rendition, media) = try await catalog.rendition(id), !media.isExpired(at: clock.now) else {
                return nil
            }
            guard media.isPublic || viewer.map(media.isReadable(by:)) ?? false else { return nil }
            let siblings = rendition.role == .hlsMaster ? try await catalog.renditions(of: [media.id]) : []
            return ServedRendition(
                rendition: rendition, isPublic: media.isPublic, streams: siblings.filter { $0.role == .hlsStream })
        } catch {
            throw ServiceError(error)
        }
    }

    /// The original of a medium, for its uploader; nil for everybody else and before it is composed.
    ///
    /// - Throws: ``ServiceError/storeFailed(_:)``.
    package func original(_ id: MediaID, viewer: UserID) async throws(ServiceError) -> ServedOriginal? {
        do {
            guard let media = try await catalog.media(id), media.ownerID == viewer, media.state != .deleting,
                !media.isExpired(at: clock.now), let original = media.original, let size = media.size
            else { return nil }
            return ServedOriginal(original: original, size: size, mediaType: media.facts?.mediaType)
        } catch {
            throw ServiceError(error)
        }
    }
}

/// Media with its renditions.
package struct VisibleMedia: Sendable, Equatable {
    /// The row.
    package let media: MediaRecord
    /// Its renditions, in no order.
    package let renditions: [Rendition]

    package init(media: MediaRecord, renditions: [Rendition]) {
        self.media = media
        self.renditions = renditions
    }
}

/// A rendition that may be served.
package struct ServedRendition: Sendable, Equatable {
    /// The rendition.
    package let rendition: Rendition
    /// Whether everybody may read it, and caches may keep it.
    package let isPublic: Bool
    /// For a master playlist: the streams that it lists.
    package let streams: [Rendition]
}

/// An original that may be served.
package struct ServedOriginal: Sendable, Equatable {
    /// Where its bytes are.
    package let original: OriginalBlob
    /// Its bytes.
    package let size: Int64
    /// The type found in the bytes; nil when it was not processed.
    package let mediaType: MediaType?
}
