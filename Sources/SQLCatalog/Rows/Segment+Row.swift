import MediaCore
import XMedia

extension Segment {
    /// The columns that ``init(_:)`` reads, for a `SELECT` from `segments`.
    static let columns = """
        segments.media_id, segments.segment_index, segments.generation, segments.blob, segments.size, segments.crc32c
        """

    /// A condition on `segments`: the attempt counts, no later one of its index is there.
    static let counts = """
        NOT EXISTS (SELECT 1 FROM segments AS later WHERE later.media_id = segments.media_id \
        AND later.segment_index = segments.segment_index AND later.generation > segments.generation)
        """

    /// Reads ``columns``.
    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            mediaID: row.id(), index: Int(row.integer()), generation: Int(row.integer()), blob: row.blob(),
            size: row.integer(), crc32c: row.crc32c())
    }
}

extension SQLSession {
    /// The counting segments of an upload, ordered by index.
    func segments(of id: MediaID) throws(SQLFailure) -> [Segment] {
        try query(
            """
            SELECT \(Segment.columns) FROM segments WHERE segments.media_id = ? AND \(Segment.counts)
            ORDER BY segments.segment_index
            """, [id]
        ).map(Segment.init(_:))
    }
}
