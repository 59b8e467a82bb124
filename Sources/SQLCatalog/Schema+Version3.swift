extension Schema {
    /// What each user has stored, the keys of requests that are done once, and the audit log.
    @Sendable
    static func version3(_ dialect: SQLDialect) -> [String] {
        quotas(dialect) + idempotency(dialect) + audit(dialect)
    }

    private static func quotas(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            // What the media counts for its owner: reserved while it is open, its size from finalize on.
            "ALTER TABLE media ADD COLUMN reserved_bytes \(integer) NOT NULL DEFAULT 0",
            "UPDATE media SET reserved_bytes = COALESCE(size, declared_bytes, 67108864)",
            // The sum of reserved_bytes of all media of the user.
            "CREATE TABLE user_usage (user_id \(integer) PRIMARY KEY, bytes \(integer) NOT NULL)",
            "INSERT INTO user_usage (user_id, bytes) SELECT owner_id, SUM(reserved_bytes) FROM media GROUP BY owner_id",
            "CREATE INDEX media_open_of ON media (owner_id) WHERE state = 'uploading'",
            "CREATE INDEX media_waiting_of ON media (owner_id) WHERE state = 'pending'",
        ]
    }

    private static func idempotency(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE idempotency_keys (
                user_id \(integer) NOT NULL,
                operation TEXT NOT NULL,
                key_text TEXT NOT NULL,
                digest TEXT NOT NULL,
                status \(integer) NOT NULL,
                body TEXT NOT NULL,
                claimed_at \(integer) NOT NULL,
                PRIMARY KEY (user_id, operation, key_text)
            )
            """,
            "CREATE INDEX idempotency_keys_age ON idempotency_keys (claimed_at)",
        ]
    }

    private static func audit(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            // No foreign keys: the log outlives what it is about.
            """
            CREATE TABLE audit (
                id \(integer) PRIMARY KEY,
                at \(integer) NOT NULL,
                event TEXT NOT NULL,
                user_id \(integer),
                username TEXT,
                username_key TEXT,
                actor TEXT NOT NULL,
                app TEXT,
                address TEXT,
                detail TEXT NOT NULL
            )
            """,
            "CREATE INDEX audit_user ON audit (user_id, id)",
            "CREATE INDEX audit_username ON audit (username_key, id)",
        ] + dialect.appendOnly("audit")
    }
}
