extension Schema {
    /// Users, tokens, media, segments, renditions, jobs, posts.
    ///
    /// Times are milliseconds since 1970, booleans 0 or 1, ids 64 bits signed. Media has no foreign key to its owner:
    /// who may upload is decided by the token, and the rows of a media stay readable without its user.
    @Sendable
    static func version1(_ dialect: SQLDialect) -> [String] {
        identity(dialect) + media(dialect) + processing(dialect) + posts(dialect)
    }

    private static func identity(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE users (
                id \(integer) PRIMARY KEY,
                username TEXT NOT NULL,
                username_key TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                created_at \(integer) NOT NULL
            )
            """,
            """
            CREATE TABLE tokens (
                id TEXT PRIMARY KEY,
                digest TEXT NOT NULL UNIQUE,
                user_id \(integer) REFERENCES users (id),
                scopes TEXT NOT NULL,
                created_at \(integer) NOT NULL,
                revoked_at \(integer)
            )
            """,
        ]
    }

    private static func media(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE media (
                id \(integer) PRIMARY KEY,
                media_key_prefix \(integer) NOT NULL,
                owner_id \(integer) NOT NULL,
                additional_owners TEXT NOT NULL,
                category TEXT,
                declared_type TEXT,
                declared_bytes \(integer),
                shared \(integer) NOT NULL,
                created_at \(integer) NOT NULL,
                expires_at \(integer),
                state TEXT NOT NULL,
                size \(integer),
                progress \(integer) NOT NULL,
                expected_end \(integer),
                failure TEXT,
                facts TEXT,
                original TEXT,
                original_sha256 TEXT,
                original_crc32c \(integer),
                metadata TEXT NOT NULL,
                attempts_left \(integer) NOT NULL DEFAULT 0
            )
            """,
            // What the sweeper looks for has an index that holds nothing else.
            "CREATE INDEX media_expiry ON media (expires_at) WHERE state <> 'deleting'",
            "CREATE INDEX media_deleting ON media (id) WHERE state = 'deleting'",
            "CREATE INDEX media_open ON media (id) WHERE state = 'uploading'",
            // attempts_left is 1 from when the original is composed until all its attempts are discarded.
            "CREATE INDEX media_attempts_left ON media (id) WHERE attempts_left = 1",
            // A discarded attempt has no blob any more; the row says which bytes of the original the segment was.
            """
            CREATE TABLE segments (
                media_id \(integer) NOT NULL REFERENCES media (id),
                segment_index \(integer) NOT NULL,
                generation \(integer) NOT NULL,
                blob TEXT NOT NULL,
                size \(integer) NOT NULL,
                crc32c \(integer) NOT NULL,
                discarded \(integer) NOT NULL DEFAULT 0,
                PRIMARY KEY (media_id, segment_index, generation)
            )
            """,
            // Replacements are rare; through them the attempts that they replaced are found.
            """
            CREATE INDEX segments_replacing ON segments (media_id, segment_index)
                WHERE generation > 0 AND discarded = 0
            """,
        ]
    }

    private static func processing(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            """
            CREATE TABLE renditions (
                id \(integer) PRIMARY KEY,
                media_id \(integer) NOT NULL REFERENCES media (id),
                role TEXT NOT NULL,
                blob TEXT,
                size \(integer) NOT NULL,
                crc32c \(integer) NOT NULL,
                content_type TEXT NOT NULL,
                width \(integer),
                height \(integer),
                bit_rate \(integer),
                hls TEXT
            )
            """,
            "CREATE INDEX renditions_media ON renditions (media_id)",
            // A free job has no lease_token, and a lease_until of 0: every moment is later.
            """
            CREATE TABLE jobs (
                media_id \(integer) NOT NULL REFERENCES media (id),
                kind TEXT NOT NULL,
                queued_at \(integer) NOT NULL,
                strikes \(integer) NOT NULL DEFAULT 0,
                interruptions \(integer) NOT NULL DEFAULT 0,
                lease_token TEXT,
                lease_until \(integer) NOT NULL DEFAULT 0,
                PRIMARY KEY (media_id, kind)
            )
            """,
            "CREATE INDEX jobs_queue ON jobs (kind, queued_at, media_id)",
        ]
    }

    private static func posts(_ dialect: SQLDialect) -> [String] {
        let integer = dialect.integer
        return [
            // `text` is a JSON string: a text column cannot hold U+0000.
            """
            CREATE TABLE posts (
                id \(integer) PRIMARY KEY,
                author_id \(integer) NOT NULL,
                text TEXT NOT NULL,
                content_hash \(integer) NOT NULL,
                request TEXT NOT NULL,
                created_at \(integer) NOT NULL
            )
            """,
            "CREATE INDEX posts_author ON posts (author_id, id)",
            "CREATE INDEX posts_content ON posts (author_id, content_hash, created_at)",
            // Position -1 is the preview picture; 0… are the media in order.
            """
            CREATE TABLE post_media (
                post_id \(integer) NOT NULL REFERENCES posts (id),
                position \(integer) NOT NULL,
                media_id \(integer) NOT NULL REFERENCES media (id),
                PRIMARY KEY (post_id, position)
            )
            """,
            "CREATE INDEX post_media_media ON post_media (media_id)",
        ]
    }
}
