import CPostgreSQL
import Foundation
import MediaCore
import Testing

@testable import SQLCatalog

@Suite("PostgreSQL connections that are lost", .timeLimit(.minutes(5)))
struct LostConnectionTests {
    @Test("connections that broke while nobody used them are replaced")
    func idle() async throws {
        let driver = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        try await driver.makeTable("x BIGINT")
        for round in 1...3 {
            // Together, so that all connections are used.
            try await withThrowingTaskGroup { group in
                for number in 0..<40 { group.addTask { try await driver.insert(number) } }
                try await group.waitForAll()
            }
            #expect(try await driver.count() == round * 40)
            try await driver.endOtherConnections()
        }
    }

    @Test("a write whose connection breaks before the commit runs once more")
    func middle() async throws {
        let driver = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        try await driver.makeTable("x BIGINT")
        let runs = Counter()
        try await driver.write { session throws(SQLFailure) in
            let run = runs.add()
            try session.execute("INSERT INTO t (x) VALUES (?)", [run])
            if run == 1 { try session.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
        }
        #expect(runs.value == 2)
        #expect(try await driver.values() == [2])
        await #expect(throws: SQLFailure.self) {
            try await driver.write { session throws(SQLFailure) in
                runs.add()
                try session.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(runs.value == 4)
        #expect(try await driver.values() == [2])
    }

    @Test("a commit whose answer is lost is looked up: it happened, and is not done again")
    func committed() async throws {
        let driver = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        try await driver.makeTable("x BIGINT")
        let runs = Counter()
        try await driver.write { session throws(SQLFailure) in
            try session.execute("INSERT INTO t (x) VALUES (?)", [runs.add()])
            guard let session = session as? PostgreSQLSession else { throw .corrupt("\(session)") }
            // COMMIT still goes out; its answer finds nobody.
            shutdown(PQsocket(session.connection.handle), Int32(SHUT_RD))
        }
        #expect(runs.value == 1)
        #expect(try await driver.values() == [1])
    }

    @Test("a commit that breaks its connection is looked up: it did not happen, and is done again")
    func aborted() async throws {
        let driver = PostgreSQLDriver(try await PostgreSQLCluster.schema())
        try await driver.makeTable("x BIGINT")
        // Runs during COMMIT, and ends the connection for the first row.
        try await driver.write { session throws(SQLFailure) in
            try session.execute(
                """
                CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN IF NEW.x = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$
                """)
            try session.execute(
                """
                CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION lose()
                """)
        }
        let runs = Counter()
        try await driver.write { session throws(SQLFailure) in
            _ = try session.execute("INSERT INTO t (x) VALUES (?)", [runs.add()])
        }
        #expect(runs.value == 2)
        #expect(try await driver.values() == [2])
    }

    @Test("a server that is gone is unavailable, for reads and writes and new catalogs")
    func gone() async throws {
        let cluster = try await PostgreSQLCluster.start()
        let settings = try await cluster.schema()
        let catalog = try await SQLCatalog(postgreSQL: settings)
        try await catalog.checkReady()
        try cluster.stop()
        for attempt in 0..<3 {
            do throws(StoreError) {
                switch attempt {
                case 0: try await catalog.checkReady()
                case 1: try await catalog.freeAllLeases()
                default: _ = try await SQLCatalog(postgreSQL: settings)
                }
                Issue.record("no error")
            } catch {
                guard case .unavailable = error else { throw error }
            }
        }
    }

    @Test("a server that was started again is used again")
    func startedAgain() async throws {
        let cluster = try await PostgreSQLCluster.start()
        let catalog = try await SQLCatalog(postgreSQL: cluster.schema())
        _ = try await catalog.hasUsers()
        try await cluster.restart()
        #expect(try await !catalog.hasUsers())
        try cluster.stop()
    }
}
