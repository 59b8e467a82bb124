package import XMedia

/// Media and its renditions.
package protocol MediaCatalog: Sendable {
    /// The rows that exist among these ids, in no order; those in state `deleting` are left out.
    func media(_ ids: [MediaID]) async throws(StoreError) -> [MediaRecord]

    /// All renditions of these media, in no order.
    func renditions(of ids: [MediaID]) async throws(StoreError) -> [Rendition]

    /// A rendition and its media; nil when there is none or the media is being deleted.
    func rendition(_ id: RenditionID) async throws(StoreError) -> (Rendition, MediaRecord)?

    /// The given members replace those of the same name; the others stay. Returns the row afterwards.
    ///
    /// nil when there is no such finalized media of this owner, or it has expired or is being deleted.
    func setMetadata(_ members: MediaMetadata, of id: MediaID, owner: UserID, at now: Timestamp)
        async throws(StoreError) -> MediaRecord?
}
