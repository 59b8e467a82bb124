extension Schema {
    /// Passwords and sessions, apps, grants, codes, and what tokens need to belong to them.
    ///
    /// An app is named by its `client_id`; digests are SHA-256 in lower-case hexadecimal. A code keeps the id of the grant
    /// it was redeemed for without a foreign key: it may outlive the grant.
    @Sendable
    static func version2(_ dialect: SQLDialect) -> [String] {
        accounts(dialect) + apps(dialect) + grants(dialect) + temporaryCredentials(dialect)
    }

    private static func accounts(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            "ALTER TABLE users ADD COLUMN password_hash TEXT",
            """
            CREATE TABLE sessions (
                digest TEXT PRIMARY KEY,
                user_id \(integer) NOT NULL REFERENCES users (id),
                created_at \(integer) NOT NULL,
                expires_at \(integer) NOT NULL
            )
            """,
            "CREATE INDEX sessions_user ON sessions (user_id)",
            "CREATE INDEX sessions_expiry ON sessions (expires_at)",
        ]
    }

    private static func apps(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            // Public clients have no client_secret_digest; redirect_uris is a JSON array of strings.
            """
            CREATE TABLE apps (
                client_id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                name_key TEXT NOT NULL UNIQUE,
                client_secret_digest TEXT,
                redirect_uris TEXT NOT NULL,
                scopes TEXT NOT NULL,
                permission TEXT NOT NULL,
                consumer_key TEXT NOT NULL UNIQUE,
                consumer_secret TEXT NOT NULL,
                created_at \(integer) NOT NULL
            )
            """
        ]
    }

    private static func grants(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE grants (
                id TEXT PRIMARY KEY,
                client_id TEXT NOT NULL REFERENCES apps (client_id),
                user_id \(integer) NOT NULL REFERENCES users (id),
                scopes TEXT NOT NULL,
                created_at \(integer) NOT NULL,
                revoked_at \(integer)
            )
            """,
            "CREATE INDEX grants_client ON grants (client_id)",
            "CREATE INDEX grants_user ON grants (user_id, created_at, id)",
            "ALTER TABLE tokens ADD COLUMN kind TEXT NOT NULL DEFAULT 'bearer'",
            "ALTER TABLE tokens ADD COLUMN client_id TEXT REFERENCES apps (client_id)",
            "ALTER TABLE tokens ADD COLUMN grant_id TEXT REFERENCES grants (id)",
            "ALTER TABLE tokens ADD COLUMN secret TEXT",
            "ALTER TABLE tokens ADD COLUMN expires_at \(integer)",
            "ALTER TABLE tokens ADD COLUMN spent_at \(integer)",
            "CREATE INDEX tokens_user ON tokens (user_id)",
            "CREATE INDEX tokens_client ON tokens (client_id) WHERE client_id IS NOT NULL",
            "CREATE INDEX tokens_grant ON tokens (grant_id) WHERE grant_id IS NOT NULL",
            "CREATE INDEX tokens_expiry ON tokens (expires_at) WHERE expires_at IS NOT NULL",
        ]
    }

    private static func temporaryCredentials(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE authorization_codes (
                digest TEXT PRIMARY KEY,
                client_id TEXT NOT NULL REFERENCES apps (client_id),
                user_id \(integer) NOT NULL REFERENCES users (id),
                redirect_uri TEXT NOT NULL,
                scopes TEXT NOT NULL,
                challenge TEXT NOT NULL,
                challenge_method TEXT NOT NULL,
                created_at \(integer) NOT NULL,
                expires_at \(integer) NOT NULL,
                grant_id TEXT
            )
            """,
            "CREATE INDEX authorization_codes_client ON authorization_codes (client_id)",
            "CREATE INDEX authorization_codes_user ON authorization_codes (user_id)",
            "CREATE INDEX authorization_codes_expiry ON authorization_codes (expires_at)",
            // `verifier_digest` and `user_id` are there when the user has allowed it.
            """
            CREATE TABLE request_tokens (
                digest TEXT PRIMARY KEY,
                client_id TEXT NOT NULL REFERENCES apps (client_id),
                secret TEXT NOT NULL,
                callback TEXT NOT NULL,
                user_id \(integer) REFERENCES users (id),
                verifier_digest TEXT,
                failures \(integer) NOT NULL DEFAULT 0,
                created_at \(integer) NOT NULL,
                expires_at \(integer) NOT NULL
            )
            """,
            "CREATE INDEX request_tokens_client ON request_tokens (client_id)",
            "CREATE INDEX request_tokens_user ON request_tokens (user_id)",
            "CREATE INDEX request_tokens_expiry ON request_tokens (expires_at)",
        ]
    }
}
