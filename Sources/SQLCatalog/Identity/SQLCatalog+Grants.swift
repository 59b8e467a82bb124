package import MediaCore
package import XMedia

extension SQLCatalog {
    package func create(_ code: AuthorizationCodeRecord) async throws(StoreError) {
        try await write { session throws(SQLFailure) in
            try session.execute(
                """
                INSERT INTO authorization_codes (digest, client_id, user_id, redirect_uri, scopes, challenge,
                    challenge_method, created_at, expires_at, grant_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    hexadecimal(code.digest), code.clientID, code.userID, code.redirectURI, code.scopes.text,
                    code.challenge, code.challengeMethod, code.createdAt, code.expiresAt, code.grantID,
                ])
        }
    }

    package func authorizationCode(digest: [UInt8]) async throws(StoreError) -> AuthorizationCodeRecord? {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(AuthorizationCodeRecord.columns) FROM authorization_codes WHERE digest = ?",
                [hexadecimal(digest)]
            ).first.map(AuthorizationCodeRecord.init(_:))
        }
    }

    package func redeem(
        code digest: [UInt8], for grant: GrantRecord, tokens: [TokenRecord], at now: Timestamp
    ) async throws(StoreError) -> RedeemOutcome {
        try await write { session throws(SQLFailure) in
            let key = hexadecimal(digest)
            try Self.keepParents(user: grant.userID, app: grant.clientID, session)
            // This one statement decides who is first; it locks the row until the grant is there.
            let isFirst = try session.execute(
                "UPDATE authorization_codes SET grant_id = ? WHERE digest = ? AND grant_id IS NULL AND expires_at > ?",
                [grant.id, key, now])
            guard isFirst == 0 else {
                try grant.insert(session)
                for token in tokens { try token.insert(session) }
                return .redeemed
            }
            let rows = try session.query("SELECT grant_id FROM authorization_codes WHERE digest = ?", [key])
            guard var row = rows.first, let earlier = try row.optionalText() else { return .unknown }
            _ = try Self.revokeGrant(earlier, at: now, session)
            return .reused
        }
    }

    package func refresh(
        spending digest: [UInt8], for tokens: [TokenRecord], at now: Timestamp
    ) async throws(StoreError) -> RefreshOutcome {
        try await write { session throws(SQLFailure) in
            let rows = try session.query(
                "SELECT grant_id, user_id, client_id FROM tokens WHERE digest = ? AND kind = 'refresh'",
                [hexadecimal(digest)])
            guard var row = rows.first, let grantID = try row.optionalText() else { return .unknown }
            if let user: UserID = try row.optionalID(), let app = try row.optionalText() {
                try Self.keepParents(user: user, app: app, session)
            }
            // The grant's row is locked before its tokens' rows, here as in a revocation: they wait for each other in one
            // order, and what is added here is not missed by a revocation that comes meanwhile.
            let grants = try session.query(
                "SELECT revoked_at FROM grants WHERE id = ? \(session.dialect.forUpdate)", [grantID])
            guard var grant = grants.first, try grant.optionalMoment() == nil else { return .unknown }
            let isFirst = try session.execute(
                """
                UPDATE tokens SET spent_at = ?
                WHERE digest = ? AND spent_at IS NULL AND revoked_at IS NULL AND expires_at > ?
                """, [now, hexadecimal(digest), now])
            guard isFirst == 0 else {
                for token in tokens { try token.insert(session) }
                return .refreshed
            }
            let spent = try session.query(
                "SELECT 1 FROM tokens WHERE digest = ? AND spent_at IS NOT NULL", [hexadecimal(digest)])
            guard !spent.isEmpty else { return .unknown }
            _ = try Self.revokeGrant(grantID, at: now, session)
            return .reused
        }
    }

    package func grants(of user: UserID) async throws(StoreError) -> [GrantRecord] {
        try await read { session throws(SQLFailure) in
            try session.query(
                "SELECT \(GrantRecord.columns) FROM grants WHERE user_id = ? ORDER BY created_at, id", [user]
            ).map(GrantRecord.init(_:))
        }
    }

    package func revokeGrant(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await write { session throws(SQLFailure) in try Self.revokeGrant(id, at: now, session) }
    }

    private static func revokeGrant(
        _ id: String, at now: Timestamp, _ session: any SQLSession
    ) throws(SQLFailure) -> Bool {
        let isFirst = try session.execute(
            "UPDATE grants SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", [now, id])
        guard isFirst == 1 else { return false }
        try session.execute(
            "UPDATE tokens SET revoked_at = ? WHERE grant_id = ? AND revoked_at IS NULL", [now, id])
        return true
    }
}
