import MediaCore

/// The tables, built by migrations that only go forward.
enum Schema {
    /// The statements that lead from one version to the next; the first entry makes version 1 of an empty database.
    static let migrations: [@Sendable (SQLDialect) -> [String]] = [version1, version2, version3, version4]

    /// The version that this program reads and writes.
    static var currentVersion: Int { migrations.count }

    /// Brings the tables to ``currentVersion``; all in the transaction of the session, so a killed start left nothing.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` when a newer program wrote the catalog.
    static func migrate(_ session: any SQLSession) throws(SQLFailure) {
        for statement in session.dialect.lockForMigration { try session.execute(statement) }
        try session.execute("CREATE TABLE IF NOT EXISTS schema_version (version \(session.dialect.integer) NOT NULL)")
        let found = try version(session)
        guard found <= currentVersion else {
            throw .store(
                .unavailable(
                    "the catalog has schema version \(found), this program knows versions up to \(currentVersion): "
                        + "it was written by a newer one"))
        }
        guard found < currentVersion else { return }
        for migration in migrations[found...] {
            for statement in migration(session.dialect) { try session.execute(statement) }
        }
        try session.execute("DELETE FROM schema_version")
        try session.execute("INSERT INTO schema_version (version) VALUES (?)", [currentVersion])
    }

    /// The version of the tables; 0 when there are none.
    static func version(_ session: any SQLSession) throws(SQLFailure) -> Int {
        guard var row = try session.query("SELECT version FROM schema_version").first else { return 0 }
        let version = try row.integer()
        guard let version = Int(exactly: version), version > 0 else { throw .corrupt("schema version \(version)") }
        return version
    }
}
