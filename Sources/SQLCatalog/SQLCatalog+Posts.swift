package import MediaCore
package import XMedia

extension SQLCatalog: PostCatalog {
    package func create(
        _ post: PostRecord, duplicatesSince: Timestamp, claim: IdempotencyClaim?
    ) async throws(StoreError) -> CreatePostOutcome {
        try await write { session throws(SQLFailure) in
            if let claim, let earlier = try session.claim(claim) { return .answeredBefore(earlier) }
            let outcome = try session.create(post, duplicatesSince: duplicatesSince)
            if outcome != .created { try session.unclaim(claim) }
            return outcome
        }
    }

    package func posts(_ ids: [PostID]) async throws(StoreError) -> [PostRecord] {
        try await read { session throws(SQLFailure) in
            var rows: [SQLRow] = []
            for batch in Array(Set(ids)).batches() {
                let list = SQLList(batch)
                rows += try session.query(
                    "SELECT \(PostRecord.columns) FROM posts WHERE posts.id IN \(list.placeholders)", list.values)
            }
            return try session.posts(rows)
        }
    }

    package func posts(
        by author: UserID, newerThan: PostID?, olderThan: PostID?, newestFirst: Bool, limit: Int
    ) async throws(StoreError) -> [PostRecord] {
        // Snowflakes have 63 bits; a bound of 64 bits would be negative in the catalog and on the wrong side of them.
        let after = newerThan.map { Int64(clamping: $0.rawValue) } ?? -1
        let before = olderThan.map { Int64(clamping: $0.rawValue) } ?? Int64.max
        return try await read { session throws(SQLFailure) in
            try session.posts(
                try session.query(
                    """
                    SELECT \(PostRecord.columns) FROM posts WHERE posts.author_id = ? AND posts.id > ? AND posts.id < ?
                    ORDER BY posts.id \(newestFirst ? "DESC" : "ASC") LIMIT ?
                    """, [author, after, before, max(0, limit)]))
        }
    }

    package func delete(
        _ id: PostID, author: UserID, mediaExpiresAt: Timestamp
    ) async throws(StoreError) -> Bool {
        try await writeDeleting { session throws(SQLFailure) in
            let rows = try session.query(
                "SELECT \(PostRecord.columns) FROM posts WHERE posts.id = ? AND posts.author_id = ? "
                    + session.dialect.forUpdate, [id, author])
            guard let post = try session.posts(rows).first else { return false }
            let used = Set(post.positions.map(\.media))
            _ = try session.media(Array(used), lock: session.dialect.forUpdate)
            try session.execute("DELETE FROM post_media WHERE post_id = ?", [id])
            try session.execute("DELETE FROM posts WHERE id = ?", [id])
            try session.setExpiry(mediaExpiresAt, of: used)
            return true
        }
    }
}

extension SQLSession {
    /// The post exists, if it may.
    fileprivate func create(_ post: PostRecord, duplicatesSince: Timestamp) throws(SQLFailure) -> CreatePostOutcome {
        // An author's posts are made one after the other: two of the same text have no row in common to wait at.
        _ = try query("SELECT id FROM users WHERE id = ? \(dialect.forUpdate)", [post.authorID])
        let used = Set(post.positions.map(\.media))
        var postable: [MediaID: PostableMedia] = [:]
        for media in try media(Array(used), lock: dialect.forUpdate) {
            postable[media.id] = PostableMedia(media, author: post.authorID, at: post.createdAt)
        }
        let invalid = post.positions.map(\.media).filter { postable[$0] == nil }
        guard invalid.isEmpty else { return .invalidMedia(invalid) }
        let shown = post.mediaIDs.compactMap { postable[$0] }
        guard PostableMedia.goTogether(shown) else { return .invalidCombination(shown) }
        guard try !hasDuplicate(of: post, since: duplicatesSince) else { return .duplicate }
        try insert(post)
        try setExpiry(nil, of: used)
        return .created
    }

    /// The media expire then, or never while a post uses them; media that another post uses are left as they are.
    fileprivate func setExpiry(_ moment: Timestamp?, of ids: Set<MediaID>) throws(SQLFailure) {
        for id in ids.sorted() {
            try execute(
                """
                UPDATE media SET expires_at = ? WHERE id = ? AND state <> 'deleting' AND ? =
                    CASE WHEN EXISTS (SELECT 1 FROM post_media WHERE post_media.media_id = media.id) THEN 1 ELSE 0 END
                """, [moment, id, moment == nil])
        }
    }

    /// Whether the author made a post of the same text and the same media in the same order since then.
    fileprivate func hasDuplicate(of post: PostRecord, since: Timestamp) throws(SQLFailure) -> Bool {
        let rows = try query(
            """
            SELECT \(PostRecord.columns) FROM posts
            WHERE posts.author_id = ? AND posts.content_hash = ? AND posts.created_at >= ?
            """, [post.authorID, post.contentHash, since])
        return try posts(rows).contains { $0.text == post.text && $0.mediaIDs == post.mediaIDs }
    }

    fileprivate func insert(_ post: PostRecord) throws(SQLFailure) {
        try execute(
            """
            INSERT INTO posts (id, author_id, text, content_hash, request, created_at) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [
                post.id, post.authorID, try JSONColumn.encode(post.text), post.contentHash,
                try JSONColumn.encode(post.request), post.createdAt,
            ])
        for (position, media) in post.positions {
            try execute(
                "INSERT INTO post_media (post_id, position, media_id) VALUES (?, ?, ?)", [post.id, position, media])
        }
    }
}
