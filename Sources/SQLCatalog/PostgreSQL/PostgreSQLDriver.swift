import MediaCore
import NIOPosix
import Synchronization

/// A PostgreSQL server: a bounded number of connections, each used by one thread at a time.
///
/// libpq's blocking calls run on threads of the driver's own, as many as there are connections, so a thread that has
/// work finds a connection or makes one, and no event loop and no thread of Swift's pool ever waits for the server.
final class PostgreSQLDriver: SQLDriver {
    /// The most calls that wait for a thread; those beyond are refused.
    static let mostWaiting = 4096

    let dialect = SQLDialect.postgreSQL
    private let settings: PostgreSQLSettings
    private let threads: NIOThreadPool
    private let idle = Mutex<[PostgreSQLConnection]>([])
    private let waiting = Atomic<Int>(0)
    private let writing = Atomic<Int>(0)

    var waitingWrites: Int { writing.load(ordering: .relaxed) }

    /// Makes the driver; connects with the first call.
    init(_ settings: PostgreSQLSettings) {
        self.settings = settings
        threads = NIOThreadPool(numberOfThreads: max(1, settings.connections))
        threads.start()
    }

    // Each piece of work holds the driver, so there is none when this runs. The threads are joined by another one.
    deinit { threads.shutdownGracefully { _ in } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        try await onThread { driver throws(SQLFailure) in
            try driver.withConnection { connection throws(PostgreSQLAttempt) in
                try connection.reading(body)
            }
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLSession) throws(SQLFailure) -> Result
    ) async throws(SQLFailure) -> Result {
        writing.add(1, ordering: .relaxed)
        return try await onThread { driver throws(SQLFailure) in
            driver.writing.subtract(1, ordering: .relaxed)
            return try driver.withConnection { connection throws(PostgreSQLAttempt) in
                try connection.writing(body) { id in driver.outcome(of: id) }
            }
        } refused: {
            $0.writing.subtract(1, ordering: .relaxed)
        }
    }

    /// Runs the body on a thread; a cancelled task's too, to its end, so that no transaction stays open.
    private func onThread<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLDriver) throws(SQLFailure) -> Result,
        refused: @escaping @Sendable (PostgreSQLDriver) -> Void = { _ in }
    ) async throws(SQLFailure) -> Result {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            refused(self)
            throw .store(.unavailable("busy: \(Self.mostWaiting) calls wait"))
        }
        let result: Swift.Result<Result, SQLFailure> = await withCheckedContinuation { continuation in
            threads.submit { [self] state in
                waiting.subtract(1, ordering: .relaxed)
                guard state == .active else {
                    refused(self)
                    continuation.resume(returning: .failure(.store(.unavailable("the catalog is closed"))))
                    return
                }
                continuation.resume(returning: .init { () throws(SQLFailure) in try body(self) })
            }
        }
        return try result.get()
    }
}

extension PostgreSQLDriver {
    /// Runs the body with a connection, and once more with a new one when it was lost before anything was committed.
    ///
    /// When one is lost the others that are idle are suspect too (a server that was started again), and are closed.
    private func withConnection<Result>(
        _ body: (PostgreSQLConnection) throws(PostgreSQLAttempt) -> Result
    ) throws(SQLFailure) -> Result {
        var isSecond = false
        while true {
            let kept = idle.withLock { $0.popLast() }
            let connection = if let kept { kept } else { try PostgreSQLConnection(settings) }
            do throws(PostgreSQLAttempt) {
                let result = try body(connection)
                giveBack(connection)
                return result
            } catch {
                giveBack(connection)
                guard error.mayRunAgain, !isSecond else { throw error.failure }
                isSecond = true
            }
        }
    }

    private func giveBack(_ connection: PostgreSQLConnection) {
        if connection.isIdle {
            idle.withLock { $0.append(connection) }
        } else if connection.isBroken {
            // Closed after the lock is given up.
            _ = idle.withLock { idle in
                defer { idle = [] }
                return idle
            }
        }
    }

    /// What became of a transaction whose connection was lost while it was being committed.
    ///
    /// The server is asked on another connection for some seconds, on this thread.
    private func outcome(of id: String) -> PostgreSQLOutcome {
        for pause in [0, 50, 200, 500, 1000, 2000] as [UInt32] {
            usleep(pause * 1000)
            do throws(SQLFailure) {
                let connection = try PostgreSQLConnection(settings)
                guard var row = try connection.run("SELECT pg_xact_status(?)", [id]).rows().first else { continue }
                switch try row.optionalText() {
                case "committed": return .committed
                case "aborted": return .undone
                // Its process has not noticed yet, or is just committing.
                case "in progress": continue
                default: return .unknown
                }
            } catch {}
        }
        return .unknown
    }
}
