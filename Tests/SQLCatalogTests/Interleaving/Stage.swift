import MediaCore
import Testing

@testable import SQLCatalog

/// A database on which two methods meet, the first of which can be held.
struct Stage: Sendable {
    /// Which database it is.
    let name: String
    /// Whose writes can be held.
    let first: SteppingDriver
    /// The other.
    let second: SteppingDriver
    private let catalogs: (SQLCatalog, SQLCatalog)
    private let tables: Tables
    /// Whether the second waits for the first.
    private let isWaiting: @Sendable () async throws -> Bool

    /// Two sessions of one PostgreSQL schema.
    static func postgreSQL() async throws -> Stage {
        var settings = try await PostgreSQLCluster.schema()
        settings.connections = 1
        let application = "second of \(settings.address.suffix(8).filter(\.isNumber))"
        var named = settings
        named.address += " application_name='\(application)'"
        let watching = PostgreSQLDriver(settings)
        return try await Stage(
            name: "PostgreSQL", first: PostgreSQLDriver(settings), second: PostgreSQLDriver(named),
            tables: Tables(driver: watching)
        ) {
            try await watching.read { session throws(SQLFailure) in
                try !session.query(
                    "SELECT pid FROM pg_stat_activity WHERE application_name = ? AND wait_event_type = 'Lock'",
                    [application]
                ).isEmpty
            }
        }
    }

    /// The one writer of an SQLite database.
    static func sqlite() async throws -> Stage {
        let driver = try await SQLiteDriver.inMemory()
        return try await Stage(name: "SQLite", first: driver, second: driver, tables: Tables(driver: driver)) {
            driver.waitingWrites > 0
        }
    }

    private init(
        name: String, first: any SQLDriver, second: any SQLDriver, tables: Tables,
        isWaiting: @escaping @Sendable () async throws -> Bool
    ) async throws {
        self.name = name
        self.first = SteppingDriver(base: first)
        self.second = SteppingDriver(base: second)
        self.catalogs = (try await SQLCatalog(driver: self.first), try await SQLCatalog(driver: self.second))
        self.tables = tables
        self.isWaiting = isWaiting
        for fixture in Fixture.allCases {
            try await tables.restore(nil)
            try await fixture.build(catalogs.0)
            try await tables.save(as: fixture.rawValue)
        }
    }

    /// What two calls answered, and the rows afterwards.
    struct Outcome: Equatable {
        var answers: [String]
        var rows: [String]
    }

    /// One call after the other; `order` says whose.
    func serially(_ meeting: Meeting, order: [Int]) async throws -> Outcome {
        try await prepare(meeting.fixture, step: nil)
        var answers = ["", ""]
        for party in order { answers[party] = await meeting.answer(party, on: catalogs.0) }
        return Outcome(answers: answers, rows: try await tables.rows())
    }

    /// How many statements the first call makes when it is alone.
    func steps(of meeting: Meeting) async throws -> Int {
        try await prepare(meeting.fixture, step: nil)
        _ = await meeting.answer(0, on: catalogs.0)
        return first.gate.steps
    }

    /// The first call is held after its statement of this number until the second has ended or waits for it.
    func interleaved(_ meeting: Meeting, step: Int) async throws -> Outcome {
        try await prepare(meeting.fixture, step: step)
        let began = ContinuousClock.now
        async let firstAnswer = meeting.answer(0, on: catalogs.0)
        while !first.gate.isHolding {
            guard began.duration(to: .now) < .seconds(20) else { break }
            try await Task.sleep(for: .microseconds(100))
        }
        let ended = Flag()
        async let secondAnswer = {
            let answer = await meeting.answer(1, on: catalogs.1)
            ended.set()
            return answer
        }()
        while !ended.isSet, try await !isWaiting() {
            guard began.duration(to: .now) < .seconds(20) else { break }
            try await Task.sleep(for: .microseconds(100))
        }
        first.gate.open()
        let answers = await [firstAnswer, secondAnswer]
        #expect(began.duration(to: .now) < .seconds(20), "\(meeting) hung")
        return Outcome(answers: answers, rows: try await tables.rows())
    }

    /// The rows after the call was made once more by both.
    func rowsAfterAgain(_ meeting: Meeting) async throws -> [String] {
        for party in [0, 1] where meeting.operations[party].skipsLocked {
            _ = await meeting.answer(party, on: catalogs.0)
        }
        return try await tables.rows()
    }

    private func prepare(_ fixture: Fixture, step: Int?) async throws {
        try await tables.restore(fixture.rawValue)
        first.gate.arm(step)
        second.gate.arm(nil)
    }
}
