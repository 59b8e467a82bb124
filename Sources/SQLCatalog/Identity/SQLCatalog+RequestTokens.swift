package import MediaCore
package import XMedia

extension SQLCatalog: GrantCatalog {
    /// How many wrong verifiers a request token outlives: a PIN has seven digits, and whoever mistyped it four times starts
    /// again.
    private static let mostFailures = 5

    package func create(_ requestToken: RequestTokenRecord) async throws(StoreError) {
        try await write { session throws(SQLFailure) in
            try session.execute(
                """
                INSERT INTO request_tokens (digest, client_id, secret, callback, user_id, verifier_digest, failures,
                    created_at, expires_at, permission)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    hexadecimal(requestToken.digest), requestToken.clientID, requestToken.sealedSecret,
                    requestToken.callback, requestToken.userID, requestToken.verifierDigest.map(hexadecimal),
                    requestToken.failures, requestToken.createdAt, requestToken.expiresAt, requestToken.permission,
                ])
        }
    }

    package func requestToken(digest: [UInt8]) async throws(StoreError) -> RequestTokenRecord? {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(RequestTokenRecord.columns) FROM request_tokens WHERE digest = ?", [hexadecimal(digest)]
            ).first.map(RequestTokenRecord.init(_:))
        }
    }

    package func allow(
        requestToken digest: [UInt8], user: UserID, verifierDigest: [UInt8], at now: Timestamp
    ) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in
            try session.execute(
                """
                UPDATE request_tokens SET user_id = ?, verifier_digest = ?
                WHERE digest = ? AND verifier_digest IS NULL AND expires_at > ?
                """, [user, hexadecimal(verifierDigest), hexadecimal(digest), now]) == 1
        }
    }

    package func removeRequestToken(digest: [UInt8]) async throws(StoreError) {
        try await write { session throws(SQLFailure) in
            try session.execute("DELETE FROM request_tokens WHERE digest = ?", [hexadecimal(digest)])
        }
    }

    package func exchange(
        requestToken digest: [UInt8], verifierDigest: [UInt8], for grant: GrantRecord, token: TokenRecord,
        at now: Timestamp
    ) async throws(StoreError) -> ExchangeOutcome {
        try await write { session throws(SQLFailure) in
            let key = hexadecimal(digest)
            try Self.keepParents(user: grant.userID, app: grant.clientID, session)
            // One after the other, so that wrong verifiers are counted before the next one is looked at.
            _ = try session.query(
                "SELECT digest FROM request_tokens WHERE digest = ? \(session.dialect.forUpdate)", [key])
            let exchanged = try session.execute(
                """
                DELETE FROM request_tokens
                WHERE digest = ? AND verifier_digest = ? AND client_id = ? AND user_id = ? AND expires_at > ?
                """, [key, hexadecimal(verifierDigest), grant.clientID, grant.userID, now])
            guard exchanged == 0 else {
                try grant.insert(session)
                try token.insert(session)
                return .exchanged
            }
            let counted = try session.execute(
                """
                UPDATE request_tokens SET failures = failures + 1
                WHERE digest = ? AND verifier_digest IS NOT NULL AND expires_at > ?
                """, [key, now])
            guard counted == 1 else { return .unknown }
            try session.execute(
                "DELETE FROM request_tokens WHERE digest = ? AND failures >= ?", [key, Self.mostFailures])
            return .wrongVerifier
        }
    }
}
