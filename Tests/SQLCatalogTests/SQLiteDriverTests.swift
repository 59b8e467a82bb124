import Dispatch
import GRDB
import GRDBSQLite
import MediaCore
import Synchronization
import Testing

@testable import SQLCatalog

@Suite("SQLite driver")
struct SQLiteDriverTests {
    /// A table of one column on a new driver.
    private func driver() async throws -> SQLiteDriver {
        let driver = try await SQLiteDriver.inMemory()
        try await driver.write { session throws(SQLFailure) in
            _ = try session.execute("CREATE TABLE t (x INTEGER PRIMARY KEY)")
        }
        return driver
    }

    private func values(_ driver: SQLiteDriver) async throws -> [Int64] {
        try await driver.read { session throws(SQLFailure) in
            try session.query("SELECT x FROM t ORDER BY x").map { row throws(SQLFailure) in
                var row = row
                return try row.integer()
            }
        }
    }

    @Test(
        "the writing connection syncs as the durability says (2 is FULL, 1 is NORMAL)",
        arguments: [(Durability.full, 2), (.process, 1)])
    func synchronous(durability: Durability, expected: Int) async throws {
        try await withTemporaryFolder { folder in
            let driver = try await SQLiteDriver(path: folder + "/c", durability: durability)
            let pragmas = try await driver.database.writeWithoutTransaction { connection in
                [
                    try Int.fetchOne(connection, sql: "PRAGMA synchronous"),
                    try Int.fetchOne(connection, sql: "PRAGMA busy_timeout"),
                    try Int.fetchOne(connection, sql: "PRAGMA foreign_keys"),
                ]
            }
            #expect(pragmas == [expected, 5000, 1])
            let mode = try await driver.database.read { connection in
                try String.fetchOne(connection, sql: "PRAGMA journal_mode")
            }
            #expect(mode == "wal")
        }
    }

    @Test("what need not outlive a power cut is committed without a sync, unless its group has something that must")
    func unsynchronized() async throws {
        try await withTemporaryFolder { folder in
            let driver = try await SQLiteDriver(path: folder + "/c", durability: .full)
            let mode: @Sendable (any SQLSession) throws(SQLFailure) -> Int64 = { session throws(SQLFailure) in
                guard var row = try session.query("PRAGMA synchronous").first else { return -1 }
                return try row.integer()
            }
            for _ in 0..<2 {
                #expect(try await driver.write(mode) == 2)
                #expect(try await driver.writeUnsynchronized(mode) == 1)
            }
            // All in one group, which gathers while another write holds the connection.
            try await whileHeld(driver) { group in
                for number in 0..<4 {
                    group.addTask {
                        let found =
                            number == 2 ? try await driver.write(mode) : try await driver.writeUnsynchronized(mode)
                        #expect(found == 2)
                    }
                }
                while driver.waitingWrites < 4 { await Task.yield() }
            }
        }
    }

    @Test("with durability process nothing is synchronized")
    func neverSynchronized() async throws {
        try await withTemporaryFolder { folder in
            let driver = try await SQLiteDriver(path: folder + "/c", durability: .process)
            let modes = try await driver.write { session throws(SQLFailure) in
                try session.query("PRAGMA synchronous").map(\.values)
            }
            #expect(modes == [[.integer(1)]])
        }
    }

    @Test("a closure that throws is undone, those in the same group are not")
    func savepoints() async throws {
        let driver = try await driver()
        await withTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    try? await driver.write { session throws(SQLFailure) in
                        try session.execute("INSERT INTO t (x) VALUES (?)", [number])
                        if number.isMultiple(of: 2) { throw .store(.notFound) }
                    }
                }
            }
        }
        #expect(try await values(driver) == stride(from: 1, to: 100, by: 2).map(Int64.init))
    }

    @Test("writes that wait together are committed together")
    func groups() async throws {
        let driver = try await driver()
        let counter = Counter()
        try await driver.database.writeWithoutTransaction { connection in
            _ = sqlite3_commit_hook(
                connection.sqliteConnection,
                { counter in
                    counter.map { Unmanaged<Counter>.fromOpaque($0).takeUnretainedValue() }?.add()
                    return 0
                }, Unmanaged.passUnretained(counter).toOpaque())
        }
        try await whileHeld(driver) { group in
            for number in 0..<100 {
                group.addTask {
                    try await driver.write { session throws(SQLFailure) in
                        _ = try session.execute("INSERT INTO t (x) VALUES (?)", [number])
                    }
                }
            }
            while driver.commits.waiting < 100 { await Task.yield() }
        }
        // That of the write that held the connection, and one for all the others.
        #expect(counter.value == 2)
        #expect(try await values(driver).count == 100)
    }

    @Test("beyond the bound of waiting writes the next one is refused, and the others are committed")
    func bound() async throws {
        let driver = try await driver()
        try await whileHeld(driver) { group in
            for number in 0..<GroupCommit.mostWaiting {
                group.addTask {
                    try await driver.write { session throws(SQLFailure) in
                        _ = try session.execute("INSERT INTO t (x) VALUES (?)", [number])
                    }
                }
            }
            while driver.commits.waiting < GroupCommit.mostWaiting { await Task.yield() }
            await #expect(throws: SQLFailure.self) { try await driver.write { _ in } }
        }
        #expect(try await values(driver).count == GroupCommit.mostWaiting)
    }

    @Test("a commit that fails fails every write of its group")
    func failedCommit() async throws {
        let driver = try await driver()
        try await driver.write { session throws(SQLFailure) in
            // A deferred foreign key is checked by COMMIT.
            _ = try session.execute("CREATE TABLE child (x INTEGER REFERENCES t (x) DEFERRABLE INITIALLY DEFERRED)")
        }
        let failures = Counter()
        try await whileHeld(driver) { group in
            for number in 0..<10 {
                group.addTask {
                    do throws(SQLFailure) {
                        try await driver.write { session throws(SQLFailure) in
                            let table = number == 5 ? "child" : "t"
                            try session.execute("INSERT INTO \(table) (x) VALUES (?)", [1000 + number])
                        }
                    } catch {
                        failures.add()
                    }
                }
            }
            while driver.commits.waiting < 10 { await Task.yield() }
        }
        #expect(failures.value == 10)
        #expect(try await values(driver) == [])
        try await driver.write { session throws(SQLFailure) in
            _ = try session.execute("INSERT INTO t (x) VALUES (1)")
        }
        #expect(try await values(driver) == [1])
    }

    @Test("a full disk is reported as such, and nothing of the group is left")
    func full() async throws {
        try await withTemporaryFolder { folder in
            let driver = try await SQLiteDriver(path: folder + "/c", durability: .process)
            try await driver.write { session throws(SQLFailure) in
                _ = try session.execute("CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT)")
            }
            try await driver.database.writeWithoutTransaction { connection in
                try connection.execute(sql: "PRAGMA max_page_count = 8")
            }
            await #expect(throws: SQLFailure.store(.full)) {
                try await driver.write { session throws(SQLFailure) in
                    for number in 0..<100 {
                        try session.execute(
                            "INSERT INTO t (x, y) VALUES (?, ?)", [number, String(repeating: "y", count: 1000)])
                    }
                }
            }
            #expect(try await values(driver) == [])
        }
    }

    @Test("a unique key is a conflict, which the catalog answers by running the method again")
    func conflict() async throws {
        let driver = try await driver()
        await #expect(throws: SQLFailure.self) {
            try await driver.write { session throws(SQLFailure) in
                try session.execute("INSERT INTO t (x) VALUES (1)")
                try session.execute("INSERT INTO t (x) VALUES (1)")
            }
        }
        #expect(try await values(driver) == [])
        let catalog = try await SQLCatalog(driver: driver)
        let runs = Counter()
        let result = try await catalog.write { session throws(SQLFailure) in
            let run = runs.add()
            try session.execute("INSERT INTO t (x) VALUES (?)", [run])
            if run < 3 { throw .conflict("staged") }
            return run
        }
        #expect(result == 3)
        #expect(try await values(driver) == [3])
        await #expect(throws: StoreError.unavailable("conflict: always")) {
            try await catalog.write { _ throws(SQLFailure) in throw .conflict("always") }
        }
    }

    /// Runs the body while the writing connection is held, so that everything it starts waits.
    private func whileHeld(
        _ driver: SQLiteDriver, _ body: (inout ThrowingTaskGroup<Void, any Error>) async throws -> Void
    ) async throws {
        let gate = DispatchSemaphore(value: 0)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { gate.signal() }
            group.addTask {
                // On GRDB's queue, where waiting is allowed.
                try await driver.write { _ in
                    start.finish()
                    gate.wait()
                }
            }
            for await _ in started {}
            try await body(&group)
            gate.signal()
            try await group.waitForAll()
        }
    }
}

/// A number that many tasks may raise.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }

    @discardableResult
    func add() -> Int { number.add(1, ordering: .relaxed).newValue }
}
