import Foundation
import GRDB
import NIOHTTP1
import ProgramSupport
import Synchronization
import Testing
import XMedia

/// Reads of a running server while other processes write to its catalog and empty its write-ahead log (decision 11).
@Suite("Other processes at the catalog", .timeLimit(.minutes(2)))
struct OtherProcessTests {
    private static let seconds = Duration.seconds(4)

    @Test("what was committed before is told, whoever committed it and whoever moves the log's pages meanwhile")
    func reads() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data")
        let token = try server.token()
        let end = ContinuousClock.now + Self.seconds
        let (counts, place) = (Counts(), Place(url: server.url, data: server.data))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.append(place, token, until: end, counts) }
            group.addTask { try await Self.makeTokens(place, until: end, counts) }
            for writes in [false, true] {
                group.addTask { try await Self.checkpoint(place, writing: writes, until: end, counts) }
            }
            try await group.waitForAll()
        }
        let found = counts.found
        print("beside other processes: \(found)")
        #expect(found.segments > 0 && found.tokens > 0 && found.emptied > 0)
        #expect(server.terminate() == 0)
        let rows = try await DatabaseQueue(path: "\(server.data)/catalog.sqlite").read {
            try String.fetchAll($0, sql: "PRAGMA integrity_check")
        }
        #expect(rows == ["ok"])
    }

    /// Where the server is.
    private struct Place: Sendable {
        let url: String
        let data: String
    }

    /// How often what happened.
    private final class Counts: Sendable {
        private let counts = Mutex((segments: 0, tokens: 0, emptied: 0))

        var found: (segments: Int, tokens: Int, emptied: Int) { counts.withLock { $0 } }

        func addSegment() { counts.withLock { $0.segments += 1 } }
        func addToken() { counts.withLock { $0.tokens += 1 } }
        func addEmptied() { counts.withLock { $0.emptied += 1 } }
    }

    /// A segment that was acknowledged is in the next status, and so are all before it.
    private static func append(
        _ server: Place, _ token: String, until end: ContinuousClock.Instant, _ counts: Counts
    ) async throws {
        let api = APIClient(url: server.url, token: token)
        while ContinuousClock.now < end {
            let id = try await api.initialize(bytes: 1 << 20, type: "video/mp4", category: "amplify_video")
            for index in 0..<40 where ContinuousClock.now < end {
                let answer = try await api.append(id, index: index, Data(repeating: 7, count: 100 + index))
                #expect(answer.status == 200, "\(answer.text)")
                for _ in 0..<5 {
                    let status = try await api.status(id)
                    #expect(status.segments?.map(\.index) == Array(0...index))
                    #expect(status.segments?.map(\.size) == (0...index).map { Int64(100 + $0) })
                }
                counts.addSegment()
            }
        }
    }

    /// A token that another process has made is good at once.
    private static func makeTokens(
        _ server: Place, until end: ContinuousClock.Instant, _ counts: Counts
    ) async throws {
        while ContinuousClock.now < end {
            let made = try RoostProcess.run(
                ["token", "create", "--data", server.data, "--user", "bob", "--scopes", "users.read tweet.read"])
            #expect(made.status == 0, "\(made.errors)")
            let api = APIClient(url: server.url, token: made.output)
            #expect(try await api.send(.GET, "/2/users/me").status == 200)
            counts.addToken()
        }
    }

    /// This process moves the log's pages into the file and empties the log, again and again; it may write a row before.
    private static func checkpoint(
        _ server: Place, writing: Bool, until end: ContinuousClock.Instant, _ counts: Counts
    ) async throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let database = try DatabaseQueue(path: "\(server.data)/catalog.sqlite", configuration: configuration)
        if writing { try await database.write { try $0.execute(sql: "CREATE TABLE pages (x INTEGER PRIMARY KEY, y)") } }
        while ContinuousClock.now < end {
            if writing {
                try await database.write { try $0.execute(sql: "INSERT INTO pages (y) VALUES (randomblob(5000))") }
            }
            let isEmptied = try await database.writeWithoutTransaction { connection in
                try Int.fetchOne(connection, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
            }
            if isEmptied { counts.addEmptied() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
