import MediaCore
import Synchronization

@testable import SQLCatalog

/// A database of which so many writes fail as a test says.
final class FailingDriver: SQLDriver {
    private let base: SQLiteDriver
    private struct State {
        var passing = 0
        var failing = 0
        var before: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    init() async throws { base = try await SQLiteDriver.inMemory() }

    var waitingWrites: Int { base.waitingWrites }
    var dialect: SQLDialect { base.dialect }

    /// The next writes throw, after some that do not.
    func failNext(_ count: Int, after passing: Int = 0) {
        state.withLock {
            $0.passing = passing
            $0.failing = count
        }
    }

    /// Does something once, between whatever the next writer has read and its write.
    func beforeNextWrite(_ work: @escaping @Sendable () async -> Void) { state.withLock { $0.before = work } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result { try await base.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        let before = state.withLock { state in
            defer { state.before = nil }
            return state.before
        }
        await before?()
        let fails = state.withLock { state in
            if state.passing > 0 {
                state.passing -= 1
                return false
            }
            state.failing -= 1
            return state.failing >= 0
        }
        if fails { throw .store(.unavailable("staged")) }
        return try await base.write(body)
    }
}
