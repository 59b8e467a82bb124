import MediaCore
import Testing
import XMedia

extension CatalogConformance {
    /// Users and ids are each rule's own: entries cannot be taken away from a catalog that is used again.
    static let audit: [CatalogRule] = [
        CatalogRule("audit: every member of an entry is read back") { catalog in
            let full = AuditEntry(
                id: 7001, at: Samples.now, event: .signedIn, userID: UserID(rawValue: 701), username: "Alice701",
                actor: .operator, app: "client", address: "192.0.2.1", detail: ["a": "' \" \\ 😀", "b": ""])
            let bare = AuditEntry(
                id: 7002, at: Samples.now, event: .appCreated, userID: nil, username: "alice701", actor: .unknown)
            try await catalog.add(full)
            try await catalog.add(bare)
            #expect(try await catalog.auditEntries(of: UserID(rawValue: 701), olderThan: nil, limit: 10) == [full])
            #expect(try await catalog.auditEntries(named: "ALICE701", olderThan: nil, limit: 10) == [bare, full])
        },
        CatalogRule("audit: newest first, in pages, and each user's alone") { catalog in
            let (alice, bob) = (UserID(rawValue: 711), UserID(rawValue: 712))
            for id in 7101...7109 as ClosedRange<UInt64> {
                try await catalog.add(
                    AuditEntry(
                        id: id, at: Samples.now, event: .tokenCreated, userID: id % 2 == 1 ? alice : bob, username: nil,
                        actor: .user))
            }
            let first = try await catalog.auditEntries(of: alice, olderThan: nil, limit: 3)
            #expect(first.map(\.id) == [7109, 7107, 7105])
            let rest = try await catalog.auditEntries(of: alice, olderThan: 7105, limit: 3)
            #expect(rest.map(\.id) == [7103, 7101])
            #expect(try await catalog.auditEntries(of: bob, olderThan: nil, limit: 10).count == 4)
            #expect(
                try await catalog.auditEntries(named: nil, olderThan: 7110, limit: 4).map(\.id) == [
                    7109, 7108, 7107, 7106,
                ])
            #expect(try await catalog.auditEntries(named: "nobody", olderThan: nil, limit: 10) == [])
        },
        CatalogRule("audit: an entry cannot be written over") { catalog in
            let entry = AuditEntry(
                id: 7201, at: Samples.now, event: .signedIn, userID: UserID(rawValue: 721), username: nil, actor: .user)
            try await catalog.add(entry)
            await #expect(throws: StoreError.self) {
                try await catalog.add(
                    AuditEntry(
                        id: 7201, at: Samples.now, event: .signedOut, userID: entry.userID, username: nil, actor: .user)
                )
            }
            #expect(try await catalog.auditEntries(of: UserID(rawValue: 721), olderThan: nil, limit: 10) == [entry])
        },
    ]
}
