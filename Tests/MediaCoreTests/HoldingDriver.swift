import MediaCore
import Synchronization

@testable import SQLCatalog

/// A database after whose next read something else happens, before its caller gets the answer.
final class HoldingDriver: SQLDriver {
    private let base: SQLiteDriver
    private let meanwhile = Mutex<(@Sendable () async -> Void)?>(nil)

    init() async throws { base = try await SQLiteDriver.inMemory() }

    var waitingWrites: Int { base.waitingWrites }
    var dialect: SQLDialect { base.dialect }

    /// What happens after the next read.
    func afterNextRead(_ body: @escaping @Sendable () async -> Void) { meanwhile.withLock { $0 = body } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        let result = try await base.read(body)
        let meanwhile = meanwhile.withLock { body in
            defer { body = nil }
            return body
        }
        await meanwhile?()
        return result
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result { try await base.write(body) }
}
