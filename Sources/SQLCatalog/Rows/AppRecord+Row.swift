import MediaCore

extension AppRecord {
    /// The columns that ``init(_:)`` reads.
    static let columns = """
        client_id, name, client_secret_digest, redirect_uris, scopes, permission, consumer_key, consumer_secret,
        created_at
        """

    init(_ row: SQLRow) throws(SQLFailure) {
        var row = row
        try self.init(
            clientID: row.text(), name: row.text(), secretDigest: row.optionalDigest(), redirectURIs: row.json(),
            scopes: Set(known: row.text()), permission: row.word(), consumerKey: row.text(),
            sealedConsumerSecret: row.text(), createdAt: row.moment())
    }
}

extension AppPermission: SQLConvertible {}
