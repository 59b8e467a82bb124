import Foundation
import MediaCore
import Synchronization
import Testing

@testable import SQLCatalog

@Suite("PostgreSQL driver", .timeLimit(.minutes(5)))
struct PostgreSQLDriverTests {
    @Test(
        "placeholders are numbered, question marks inside of texts stay",
        arguments: [
            ("SELECT 1", "SELECT 1"), ("a = ? AND b IN (?, ?)", "a = $1 AND b IN ($2, $3)"),
            ("a = '?' AND b = ?", "a = '?' AND b = $1"), ("a = 'it''s ?' OR b = ?", "a = 'it''s ?' OR b = $1"),
        ])
    func placeholders(sql: String, expected: String) {
        #expect(PostgreSQLPlaceholders.numbered(sql) == expected)
    }

    @Test("values come back as they were stored, the same statement with and without NULL")
    func values() async throws {
        let driver = try await table("x BIGINT, y TEXT")
        let rows: [[SQLValue]] = [
            [.integer(.min), .text("")], [.integer(.max), .text("😀 'quoted' \\ $1 ?")], [.null, .null],
            [.integer(0), .text(String(repeating: "ä", count: 100_000))],
        ]
        try await driver.write { session throws(SQLFailure) in
            for row in rows { try session.execute("INSERT INTO t (x, y) VALUES (?, ?)", row) }
        }
        let found = try await driver.read { session throws(SQLFailure) in
            try session.query("SELECT x, y FROM t ORDER BY ctid").map(\.values)
        }
        #expect(found == rows)
        #expect(true.sqlValue == .integer(1))
    }

    @Test("a text with U+0000 is refused, not cut")
    func zero() async throws {
        let driver = try await table("y TEXT")
        await #expect(throws: SQLFailure.corrupt("a text to be stored holds U+0000")) {
            try await driver.write { session throws(SQLFailure) in
                _ = try session.execute("INSERT INTO t (y) VALUES (?)", ["a\u{0}b"])
            }
        }
        #expect(try await driver.count() == 0)
    }

    @Test(
        "an error of the server is told by its meaning",
        arguments: [
            ("23505", "conflict"), ("40001", "conflict"), ("40P01", "conflict"), ("23503", "notFound"),
            ("53100", "full"), ("XX001", "corrupt"), ("XX002", "corrupt"), ("55P03", "unavailable"),
            ("53300", "unavailable"), ("25006", "unavailable"), ("58030", "unavailable"), ("42601", "unavailable"),
        ])
    func meanings(sqlState: String, expected: String) async throws {
        let driver = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        do throws(SQLFailure) {
            try await driver.write { session throws(SQLFailure) in
                _ = try session.execute("DO $$ BEGIN RAISE EXCEPTION 'staged' USING ERRCODE = '\(sqlState)'; END $$")
            }
            Issue.record("no error")
        } catch {
            let words =
                switch error {
                case .conflict(let text): text.contains("\(sqlState): staged") ? "conflict" : text
                case .store(.notFound): "notFound"
                case .store(.full): "full"
                case .store(.corrupt): "corrupt"
                case .store(.unavailable(let text)): text.contains("\(sqlState): staged") ? "unavailable" : text
                }
            #expect(words == expected)
        }
    }

    @Test("a failure does not tell the values of the row")
    func noValues() async throws {
        let driver = try await table("y TEXT UNIQUE")
        do throws(SQLFailure) {
            try await driver.write { session throws(SQLFailure) in
                for _ in 0..<2 { try session.execute("INSERT INTO t (y) VALUES (?)", ["secret"]) }
            }
            Issue.record("no error")
        } catch {
            guard case .conflict(let text) = error else { throw error }
            #expect(text.contains("t_y_key") && !text.contains("secret"))
        }
    }

    @Test("after a failed statement nothing is committed, even if the closure goes on")
    func goesOn() async throws {
        let driver = try await table("x BIGINT PRIMARY KEY")
        do throws(SQLFailure) {
            try await driver.write { session throws(SQLFailure) in
                try session.execute("INSERT INTO t (x) VALUES (1)")
                do throws(SQLFailure) { try session.execute("INSERT INTO t (x) VALUES (1)") } catch {}
            }
            Issue.record("committed")
        } catch {
            guard case .conflict = error else { throw error }
        }
        #expect(try await driver.count() == 0)
    }

    @Test("a closure that throws is undone, and its connection is used again")
    func undone() async throws {
        let driver = try await table("x BIGINT", connections: 1)
        let process = try await driver.process()
        await #expect(throws: SQLFailure.store(.notFound)) {
            try await driver.write { session throws(SQLFailure) in
                try session.execute("INSERT INTO t (x) VALUES (1)")
                throw .store(.notFound)
            }
        }
        #expect(try await driver.count() == 0)
        #expect(try await driver.process() == process)
    }

    @Test("a read sees one state of the rows, and cannot write")
    func reads() async throws {
        let driver = try await table("x BIGINT")
        let counts = try await driver.read { session throws(SQLFailure) in
            let before = try session.query("SELECT x FROM t").count
            driver.inserting(1)
            return [before, try session.query("SELECT x FROM t").count]
        }
        #expect(counts == [0, 0])
        #expect(try await driver.count() == 1)
        await #expect(throws: SQLFailure.self) {
            try await driver.read { session throws(SQLFailure) in _ = try session.execute("DELETE FROM t") }
        }
        #expect(try await driver.count() == 1)
    }

    @Test("two that lock in opposite order: one is undone by the server, runs again, and both are done")
    func deadlock() async throws {
        let driver = try await table("x BIGINT PRIMARY KEY, n BIGINT")
        try await driver.write { session throws(SQLFailure) in
            _ = try session.execute("INSERT INTO t (x, n) VALUES (1, 0), (2, 0)")
        }
        let catalog = try await SQLCatalog(driver: driver)
        let (runs, locked) = (Counter(), Counter())
        try await withThrowingTaskGroup { group in
            for order in [[1, 2], [2, 1]] {
                group.addTask {
                    try await catalog.write { session throws(SQLFailure) in
                        runs.add()
                        try session.execute("UPDATE t SET n = n + 1 WHERE x = ?", [order[0]])
                        locked.add()
                        // On the driver's own thread, where waiting is allowed.
                        while locked.value < 2 { usleep(1000) }
                        try session.execute("UPDATE t SET n = n + 1 WHERE x = ?", [order[1]])
                    }
                }
            }
            try await group.waitForAll()
        }
        // More than once when the one that runs again is quicker than the one that its end woke.
        #expect(runs.value >= 3)
        let sums = try await driver.read { session throws(SQLFailure) in
            try session.query("SELECT n FROM t ORDER BY x").map(\.values)
        }
        #expect(sums == [[.integer(2)], [.integer(2)]])
    }

    @Test("a lock is waited for as long as the settings say")
    func lockTimeout() async throws {
        var settings = try await PostgreSQLCluster.schema()
        settings.lockTimeout = 50
        let driver = PostgreSQLDriver(settings)
        try await driver.makeTable("x BIGINT")
        driver.inserting(1)
        do throws(SQLFailure) {
            try await driver.write { session throws(SQLFailure) in
                _ = try session.query("SELECT x FROM t FOR UPDATE")
                try driver.waiting { session throws(SQLFailure) in _ = try session.execute("DELETE FROM t") }
            }
            Issue.record("no error")
        } catch {
            guard case .store(.unavailable(let text)) = error else { throw error }
            #expect(text.contains("55P03"))
        }
    }

    @Test("a cancelled task's write is done, and leaves no transaction open")
    func cancelled() async throws {
        let driver = try await table("x BIGINT")
        let (began, goOn) = (Flag(), Flag())
        let task = Task {
            try await driver.write { session throws(SQLFailure) in
                try session.execute("INSERT INTO t (x) VALUES (1)")
                began.set()
                while !goOn.isSet { usleep(1000) }
                try session.execute("INSERT INTO t (x) VALUES (2)")
            }
        }
        while !began.isSet { await Task.yield() }
        task.cancel()
        goOn.set()
        try await task.value
        #expect(try await driver.count() == 2)
        #expect(try await driver.openTransactions() == 0)
    }

    @Test("beyond the bound of waiting calls the next one is refused, and the others are done")
    func bound() async throws {
        let driver = try await table("x BIGINT", connections: 1)
        let (began, goOn) = (Flag(), Flag())
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { goOn.set() }
            group.addTask {
                try await driver.write { _ in
                    began.set()
                    while !goOn.isSet { usleep(1000) }
                }
            }
            while !began.isSet { await Task.yield() }
            for number in 0..<PostgreSQLDriver.mostWaiting {
                group.addTask {
                    try await driver.write { session throws(SQLFailure) in
                        _ = try session.execute("INSERT INTO t (x) VALUES (?)", [number])
                    }
                }
            }
            while driver.waitingWrites < PostgreSQLDriver.mostWaiting { await Task.yield() }
            await #expect(throws: SQLFailure.store(.unavailable("busy: 4096 calls wait"))) {
                try await driver.read { _ in }
            }
            goOn.set()
            try await group.waitForAll()
        }
        #expect(try await driver.count() == PostgreSQLDriver.mostWaiting)
        #expect(driver.waitingWrites == 0)
    }

    @Test("commits wait for the disk as the durability says", arguments: [(Durability.full, "on"), (.process, "off")])
    func durability(durability: Durability, expected: String) async throws {
        var settings = try await PostgreSQLCluster.schema()
        settings.durability = durability
        let found = try await PostgreSQLDriver(settings).read { session throws(SQLFailure) in
            try session.query("SHOW synchronous_commit").map(\.values)
        }
        #expect(found == [[.text(expected)]])
    }

    /// A driver on a new schema with one table of these columns.
    private func table(_ columns: String, connections: Int = 8) async throws -> PostgreSQLDriver {
        var settings = try await PostgreSQLCluster.schema()
        settings.connections = connections
        let driver = PostgreSQLDriver(settings)
        try await driver.makeTable(columns)
        return driver
    }
}
