import MediaCore
import XMedia

extension PostRecord {
    /// The columns of a post without its media, for a `SELECT` from `posts`.
    static let columns = "posts.id, posts.author_id, posts.text, posts.request, posts.created_at"

    /// Where the preview picture stands among a post's media.
    static let previewPosition = -1

    /// Reads ``columns``; the media come from `post_media`.
    init(_ row: SQLRow, media: [MediaID], preview: MediaID?) throws(SQLFailure) {
        var row = row
        let id = try row.id(PostID.self)
        let author = try row.id(UserID.self)
        let text = try row.json(String.self)
        let request = try row.json(JSONValue.self)
        self.init(
            id: id, authorID: author, text: text, mediaIDs: media, previewMediaID: preview, request: request,
            createdAt: try row.moment())
    }

    /// FNV-1a of text and media: finds the posts that may be the same, which are then compared.
    ///
    /// http://www.isthe.com/chongo/tech/comp/fnv/
    var contentHash: Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in text.utf8 { add(byte) }
        for id in mediaIDs {
            for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: id.rawValue >> shift)) }
        }
        return Int64(bitPattern: hash)
    }

    /// The media and, at ``previewPosition``, the preview picture.
    var positions: [(position: Int, media: MediaID)] {
        let media = mediaIDs.enumerated().map { (position: $0.offset, media: $0.element) }
        return (previewMediaID.map { [(position: Self.previewPosition, media: $0)] } ?? []) + media
    }
}

extension SQLSession {
    /// The posts of rows that hold ``PostRecord/columns``, in the order of the rows, with their media.
    func posts(_ rows: [SQLRow]) throws(SQLFailure) -> [PostRecord] {
        var ids: [PostID] = []
        for row in rows {
            var row = row
            ids.append(try row.id())
        }
        var media: [PostID: [MediaID]] = [:]
        var previews: [PostID: MediaID] = [:]
        for batch in ids.batches() {
            let list = SQLList(batch)
            for row in try query(
                """
                SELECT post_id, position, media_id FROM post_media WHERE post_id IN \(list.placeholders)
                ORDER BY post_id, position
                """, list.values)
            {
                var row = row
                let post = try row.id(PostID.self)
                if try row.integer() == PostRecord.previewPosition {
                    previews[post] = try row.id()
                } else {
                    media[post, default: []].append(try row.id())
                }
            }
        }
        var posts: [PostRecord] = []
        for (id, row) in zip(ids, rows) {
            posts.append(try PostRecord(row, media: media[id] ?? [], preview: previews[id]))
        }
        return posts
    }
}
