import MediaCore
import Synchronization

@testable import SQLCatalog

/// A database of which so many writes fail as a test says.
final class FailingDriver: SQLDriver {
    private let base: SQLiteDriver
    private let failures = Mutex(0)

    init() async throws { base = try await SQLiteDriver.inMemory() }

    var waitingWrites: Int { base.waitingWrites }
    var dialect: SQLDialect { base.dialect }

    /// The next writes throw.
    func failNext(_ count: Int) { failures.withLock { $0 = count } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result { try await base.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        let fails = failures.withLock { left in
            left -= 1
            return left >= 0
        }
        if fails { throw .store(.unavailable("staged")) }
        return try await base.write(body)
    }
}
