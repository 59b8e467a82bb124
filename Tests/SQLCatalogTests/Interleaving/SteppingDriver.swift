import Dispatch
import Synchronization

@testable import SQLCatalog

/// A driver whose next write can be held after one of its statements, on the thread that runs it.
struct SteppingDriver: SQLDriver {
    let base: any SQLDriver
    let gate = Gate()
    var waitingWrites: Int { base.waitingWrites }
    var dialect: SQLDialect { base.dialect }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await base.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        do {
            return try await base.write { [gate] session throws(SQLFailure) in
                try body(SteppingSession(base: session, gate: gate))
            }
        } catch {
            if case .conflict(let text) = error { gate.conflicts.withLock { $0.append(text) } }
            throw error
        }
    }
}

/// Counts the statements of writes and holds one of them.
final class Gate: Sendable {
    private struct State {
        var steps = 0
        var held: Int?
        var isHolding = false
    }

    private let state = Mutex(State())
    private let release = DispatchSemaphore(value: 0)
    /// The conflicts since ``arm(_:)``.
    let conflicts = Mutex<[String]>([])

    /// Forgets what was counted; the write that comes to this statement (1 is the first) is held after it.
    func arm(_ step: Int?) {
        state.withLock { $0 = State(held: step) }
        conflicts.withLock { $0 = [] }
    }

    /// How many statements there were.
    var steps: Int { state.withLock { $0.steps } }

    /// Whether a write is being held.
    var isHolding: Bool { state.withLock { $0.isHolding } }

    /// The held write goes on, if there is one, and none is held any more.
    func open() {
        let wasHolding = state.withLock { state in
            defer { (state.held, state.isHolding) = (nil, false) }
            return state.isHolding
        }
        if wasHolding { release.signal() }
    }

    /// A statement has run.
    func passed() {
        let holds = state.withLock { state in
            state.steps += 1
            guard state.steps == state.held else { return false }
            state.isHolding = true
            return true
        }
        if holds { release.wait() }
    }
}

private struct SteppingSession: SQLSession {
    let base: any SQLSession
    let gate: Gate
    var dialect: SQLDialect { base.dialect }

    func query(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> [SQLRow] {
        let rows = try base.query(sql, values)
        gate.passed()
        return rows
    }

    func execute(_ sql: String, _ values: [any SQLConvertible]) throws(SQLFailure) -> Int {
        let changed = try base.execute(sql, values)
        gate.passed()
        return changed
    }
}
