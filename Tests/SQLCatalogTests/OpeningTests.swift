import Foundation
import MediaCore
import Testing
import XMedia

@testable import SQLCatalog

@Suite("Opening a catalog")
struct OpeningTests {
    private let user = User(id: UserID(rawValue: 1), name: "Demo", username: "demo")

    @Test("what was written is there when the file is opened again")
    func reopened() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/catalog.sqlite"
            _ = try await SQLCatalog(path: path, durability: .full).ensureUser(user, at: Timestamp(rawValue: 0))
            let again = try await SQLCatalog(path: path, durability: .full)
            #expect(try await again.user(user.id) == user)
        }
    }

    @Test("several open the same new file at once, and each sees what the others write")
    func together() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/catalog.sqlite"
            try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        let catalog = try await SQLCatalog(path: path, durability: .process)
                        let token = TokenRecord(
                            id: "\(number)", digest: [UInt8(number)], userID: nil, username: nil, scopes: [],
                            createdAt: Timestamp(rawValue: 0))
                        try await catalog.create(token)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await SQLCatalog(path: path, durability: .process).tokens().count == 8)
        }
    }

    @Test("a catalog of the first version keeps its users and tokens, which are bearers for ever")
    func fromVersion1() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/catalog.sqlite"
            let digest = [UInt8](repeating: 0xAB, count: 32)
            let old = try await SQLiteDriver(path: path, durability: .process)
            try await old.write { session throws(SQLFailure) in
                try session.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
                for statement in Schema.version1(.sqlite) { try session.execute(statement) }
                try session.execute("INSERT INTO schema_version (version) VALUES (1)")
                try session.execute("INSERT INTO users VALUES (1, 'demo', 'demo', 'Demo', 5)")
                try session.execute(
                    "INSERT INTO tokens VALUES ('7', ?, 1, 'tweet.read', 6, NULL)", [String(repeating: "ab", count: 32)]
                )
            }
            let catalog = try await SQLCatalog(path: path, durability: .process)
            #expect(try await catalog.user(user.id) == user)
            #expect(
                try await catalog.token(digest: digest, kind: .bearer)
                    == TokenRecord(
                        id: "7", digest: digest, userID: user.id, username: "demo", scopes: [.tweetRead],
                        createdAt: Timestamp(rawValue: 6)))
            #expect(try await catalog.account(named: "demo")?.passwordHash == nil)
        }
    }

    @Test("a newer schema is refused by its number, and left as it is")
    func newer() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/catalog.sqlite"
            let catalog = try await SQLCatalog(path: path, durability: .process)
            try await catalog.write { session throws(SQLFailure) in
                _ = try session.execute("UPDATE schema_version SET version = 99")
            }
            do throws(StoreError) {
                _ = try await SQLCatalog(path: path, durability: .process)
                Issue.record("opened")
            } catch {
                guard case .unavailable(let text) = error else { throw error }
                #expect(text.contains("99") && text.contains("\(Schema.currentVersion)"))
            }
            #expect(try await catalog.read { session throws(SQLFailure) in try Schema.version(session) } == 99)
        }
    }

    @Test("a file that is no database is corrupt")
    func garbage() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/catalog.sqlite"
            try Data(repeating: 0x55, count: 8192).write(to: URL(fileURLWithPath: path))
            do throws(StoreError) {
                _ = try await SQLCatalog(path: path, durability: .process)
                Issue.record("opened")
            } catch {
                guard case .corrupt = error else { throw error }
            }
        }
    }

    @Test("a folder that is not there is unavailable")
    func noFolder() async throws {
        do throws(StoreError) {
            _ = try await SQLCatalog(path: "/nonexistent-folder/catalog.sqlite", durability: .process)
            Issue.record("opened")
        } catch {
            guard case .unavailable = error else { throw error }
        }
    }
}
