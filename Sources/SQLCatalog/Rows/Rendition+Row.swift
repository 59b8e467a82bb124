import MediaCore
import XMedia

extension Rendition {
    /// The columns that ``init(reading:)`` reads, for a `SELECT` from `renditions`.
    static let columns = """
        renditions.id, renditions.media_id, renditions.role, renditions.blob, renditions.size, renditions.crc32c, \
        renditions.content_type, renditions.width, renditions.height, renditions.bit_rate, renditions.hls
        """

    /// Reads ``columns``.
    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(reading: &row)
    }

    /// Reads ``columns`` at the beginning of a longer row.
    init(reading row: inout SQLRow) throws(SQLFailure) {
        try self.init(
            id: row.id(), mediaID: row.id(), role: row.word(), blob: row.optionalBlob(), size: row.integer(),
            crc32c: row.crc32c(), contentType: row.text(), width: row.optionalInteger().map { Int($0) },
            height: row.optionalInteger().map { Int($0) }, bitRate: row.optionalInteger(), hls: row.optionalJSON())
    }
}

extension SQLSession {
    /// Puts a rendition into the catalog.
    func insert(_ rendition: Rendition) throws(SQLFailure) {
        try execute(
            """
            INSERT INTO renditions
                (id, media_id, role, blob, size, crc32c, content_type, width, height, bit_rate, hls)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                rendition.id, rendition.mediaID, rendition.role, rendition.blob, rendition.size, rendition.crc32c,
                rendition.contentType, rendition.width, rendition.height, rendition.bitRate,
                try JSONColumn.encode(optional: rendition.hls),
            ])
    }
}
