import MediaCore
import Testing
import XMedia

@testable import SQLCatalog

@Suite("Opening a catalog on PostgreSQL", .timeLimit(.minutes(5)))
struct PostgreSQLOpeningTests {
    @Test("several nodes open the same empty database at once, and each sees what the others write")
    func together() async throws {
        let settings = try await PostgreSQLCluster.schema()
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let catalog = try await SQLCatalog(postgreSQL: settings)
                    let token = TokenRecord(
                        id: "\(number)", digest: [UInt8(number)], userID: nil, username: nil, scopes: [],
                        createdAt: Timestamp(rawValue: 0))
                    try await catalog.create(token)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await SQLCatalog(postgreSQL: settings).tokens().count == 8)
    }

    @Test("a node that migrates keeps the next one waiting before it looks at the version")
    func oneAfterTheOther() async throws {
        let settings = try await PostgreSQLCluster.schema()
        let first = SteppingDriver(base: PostgreSQLDriver(settings))
        let second = SteppingDriver(base: PostgreSQLDriver(settings))
        let watching = PostgreSQLDriver(settings)
        // The version was read, nothing made yet.
        first.gate.arm(4)
        defer { first.gate.open() }
        async let one = SQLCatalog(driver: first)
        while !first.gate.isHolding { try await Task.sleep(for: .milliseconds(1)) }
        async let other = SQLCatalog(driver: second)
        let waiting = """
            SELECT pid FROM pg_stat_activity
            WHERE application_name = current_setting('application_name') AND wait_event = 'advisory'
            """
        while try await watching.read({ session throws(SQLFailure) in try session.query(waiting).isEmpty }) {
            try #require(second.gate.steps < 2, "it did not wait")
            try await Task.sleep(for: .milliseconds(1))
        }
        // All it did is to set how long it waits.
        #expect(second.gate.steps == 1)
        first.gate.open()
        try await one.checkReady()
        try await other.checkReady()
        #expect(second.gate.steps == 4)
    }

    @Test("a newer schema is refused by its number, and left as it is")
    func newer() async throws {
        let settings = try await PostgreSQLCluster.schema()
        let catalog = try await SQLCatalog(postgreSQL: settings)
        try await catalog.write { session throws(SQLFailure) in
            _ = try session.execute("UPDATE schema_version SET version = 99")
        }
        do throws(StoreError) {
            _ = try await SQLCatalog(postgreSQL: settings)
            Issue.record("opened")
        } catch {
            guard case .unavailable(let text) = error else { throw error }
            #expect(text.contains("99") && text.contains("\(Schema.currentVersion)"))
        }
        #expect(try await catalog.read { session throws(SQLFailure) in try Schema.version(session) } == 99)
    }

    @Test(
        "a server that is not there, and an address that is none, are unavailable",
        arguments: ["host=/nonexistent-folder dbname=x", "postgres://%", "host=127.0.0.1 port=1 connect_timeout=1"])
    func noServer(address: String) async throws {
        do throws(StoreError) {
            _ = try await SQLCatalog(postgreSQL: PostgreSQLSettings(address: address))
            Issue.record("opened")
        } catch {
            guard case .unavailable = error else { throw error }
        }
    }

    @Test("a database with another encoding is refused by its name")
    func encoding() async throws {
        var settings = try await PostgreSQLCluster.schema()
        let driver = PostgreSQLDriver(settings)
        // A database is not made in a transaction.
        let connection = try PostgreSQLConnection(settings)
        let name = "latin\(UInt32.random(in: 0...UInt32.max))"
        try connection.run("CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        settings.address = settings.address.replacing("dbname=postgres", with: "dbname=\(name)")
        await #expect(
            throws: SQLFailure.store(
                .unavailable("the encoding of the PostgreSQL database is LATIN1, it must be UTF8"))
        ) {
            try await PostgreSQLDriver(settings).read { _ in }
        }
        try await driver.read { _ in }
    }
}
