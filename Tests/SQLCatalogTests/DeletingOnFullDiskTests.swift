import MediaCore
import Synchronization
import Testing
import XMedia

@testable import SQLCatalog

@Suite("Writing without room")
struct DeletingOnFullDiskTests {
    private static let now = Timestamp(rawValue: 1_700_000_000_000)
    private static let media = MediaID(rawValue: 1)

    typealias Method = @Sendable (SQLCatalog) async throws -> Void

    private static func entry(_ event: AuditEvent) -> AuditEntry {
        AuditEntry(id: 1, at: now, event: event, userID: nil, username: nil, actor: .operator)
    }

    static let deleting: [String: Method] = [
        "markExpired": { _ = try await $0.markExpired(at: now, limit: 1) },
        "markDeleting": { _ = try await $0.markDeleting(media, owner: nil, onlyUnfinished: false) },
        "finishDeletion": { try await $0.finishDeletion(of: [media]) },
        "forgetAttempts": { try await $0.forgetAttempts([]) },
        "forgetKeys": { _ = try await $0.forgetKeys(claimedBefore: now, limit: 1) },
        "forgetExpired": { _ = try await $0.forgetExpired(before: now, limit: 1) },
        "freeAllLeases": { try await $0.freeAllLeases() },
        "the entry of what the operator removes": { try await $0.add(entry(.mediaRemoved)) },
    ]

    @Test("what deletes takes the reserve", arguments: DeletingOnFullDiskTests.deleting.keys.sorted())
    func reserve(name: String) async throws {
        let driver = FullDriver(base: try await SQLCatalog.inMemory().driver)
        let catalog = try await SQLCatalog(driver: driver)
        let delete = try #require(Self.deleting[name])
        try await delete(catalog)
        #expect(!driver.hasReserve)
    }

    @Test("opening an up-to-date catalog writes nothing, and what makes no room leaves the reserve")
    func others() async throws {
        let driver = FullDriver(base: try await SQLCatalog.inMemory().driver)
        let catalog = try await SQLCatalog(driver: driver)
        await #expect(throws: StoreError.full) { try await catalog.add(Self.entry(.signInFailed)) }
        await #expect(throws: StoreError.full) {
            _ = try await catalog.ensureUser(User(id: UserID(rawValue: 1), name: "a", username: "a"), at: Self.now)
        }
        #expect(driver.hasReserve)
    }
}

/// A driver that can write when the reserve is given up.
private final class FullDriver: SQLDriver {
    private let base: any SQLDriver
    private let reserve = Mutex(true)

    init(base: any SQLDriver) { self.base = base }

    var hasReserve: Bool { reserve.withLock { $0 } }
    var waitingWrites: Int { base.waitingWrites }
    var dialect: SQLDialect { base.dialect }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result { try await base.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        if hasReserve { throw .store(.full) }
        return try await base.write(body)
    }

    func releaseReserve() async -> Bool {
        reserve.withLock { reserve in
            defer { reserve = false }
            return reserve
        }
    }
}
