import Foundation
import GRDB
import MediaCore
import Testing

@testable import SQLCatalog

#if canImport(Glibc)
    import Glibc
#endif

/// Reads that are answered at once.
///
/// File systems that cannot read without waiting answer none so, and have nothing to test.
@Suite("Reads at once", .enabled(if: CachedReads.isPossible && readsWithoutWaiting))
struct CachedReadsTests {
    private func withDriver(_ body: (SQLiteDriver, CachedReads, String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let driver = try await SQLiteDriver(path: folder + "/c", durability: .process)
            _ = try await driver.write { session throws(SQLFailure) in
                try session.execute("CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT)")
            }
            try await body(driver, try #require(driver.cachedReads), folder + "/c")
        }
    }

    private func insert(_ rows: Range<Int>, into driver: SQLiteDriver) async throws {
        try await driver.write { session throws(SQLFailure) in
            for x in rows {
                let text = x == 0 ? "" : String(repeating: "é", count: 500)
                try session.execute("INSERT INTO t VALUES (?, ?)", [x, text])
            }
        }
    }

    private func count(_ driver: SQLiteDriver, where condition: String = "1") async throws -> Int64 {
        try await driver.read { session throws(SQLFailure) in
            guard var row = try session.query("SELECT COUNT(y) FROM t WHERE \(condition)").first else { return -1 }
            return try row.integer()
        }
    }

    @Test("see what was committed before, and keep it from commits that come meanwhile")
    func snapshot() async throws {
        try await withDriver { driver, cached, path in
            for rows in 1...20 {
                try await insert(rows - 1..<rows, into: driver)
                #expect(try await count(driver) == Int64(rows))
            }
            #expect(cached.answered == 20)
            // Another connection commits between two statements of one read.
            let other = try DatabaseQueue(path: path)
            let counts = try await driver.read { session throws(SQLFailure) in
                let first = try session.query("SELECT COUNT(*) FROM t").map(\.values)
                _ = try? other.write { try $0.execute(sql: "DELETE FROM t") }
                return [first, try session.query("SELECT COUNT(*) FROM t").map(\.values)]
            }
            #expect(counts == [[[.integer(20)]], [[.integer(20)]]])
            #expect(cached.answered == 21)
            #expect(try await count(driver) == 0)
        }
    }

    @Test("all kinds of values come back as they were written")
    func values() async throws {
        try await withDriver { driver, cached, _ in
            let values: [SQLValue] = [.text(""), .text("é\u{1}b"), .text(String(repeating: "x", count: 9000)), .null]
            for (x, value) in values.enumerated() {
                _ = try await driver.write { session throws(SQLFailure) in
                    try session.execute("INSERT INTO t VALUES (?, ?)", [x, value])
                }
                let found = try await driver.read { session throws(SQLFailure) in
                    try session.query("SELECT y, x FROM t WHERE y IS ?", [value]).map(\.values)
                }
                #expect(found == [[value, .integer(Int64(x))]])
            }
            #expect(cached.answered == values.count)
        }
    }

    @Test("what is not in the page cache is read elsewhere, where waiting is allowed")
    func disk() async throws {
        try await withDriver { driver, cached, path in
            try await insert(0..<4000, into: driver)
            try await driver.database.writeWithoutTransaction { connection in
                _ = try connection.checkpoint(.truncate)
            }
            let before = cached.answered
            // Readers forget their pages with the next commit.
            try await insert(4000..<4001, into: driver)
            try Self.forget(path)
            #expect(try await count(driver, where: "x = 2000") == 1)
            #expect(cached.answered == before)
            // Now it is there.
            #expect(try await count(driver, where: "x = 2000") == 1)
            #expect(cached.answered == before + 1)
        }
    }

    @Test("a long read gives up and is done elsewhere; the next short one is answered at once")
    func steps() async throws {
        try await withDriver { driver, cached, _ in
            try await insert(0..<3000, into: driver)
            let before = cached.answered
            #expect(try await count(driver, where: "y LIKE '%é'") == 2999)
            #expect(cached.answered == before)
            for _ in 0..<100 { #expect(try await count(driver, where: "x = 5") == 1) }
            #expect(cached.answered == before + 100)
        }
    }

    @Test("a read that fails leaves no snapshot behind, and the error is that of the usual way")
    func failures() async throws {
        try await withDriver { driver, cached, path in
            try await insert(0..<10, into: driver)
            for _ in 0..<20 {
                await #expect(throws: SQLFailure.store(.notFound)) {
                    try await driver.read { session throws(SQLFailure) in
                        _ = try session.query("SELECT * FROM t")
                        throw .store(.notFound)
                    }
                }
                await #expect(throws: SQLFailure.self) {
                    try await driver.read { session throws(SQLFailure) in _ = try session.query("SELECT nothing") }
                }
                await #expect(throws: SQLFailure.self) {
                    try await driver.read { session throws(SQLFailure) in _ = try session.query("SELECT ?") }
                }
            }
            #expect(cached.answered == 0)
            // A snapshot that is still open would keep the log from being emptied.
            try await driver.database.writeWithoutTransaction { connection in
                _ = try connection.checkpoint(.truncate)
            }
            #expect(try Data(contentsOf: URL(filePath: path + "-wal")).isEmpty)
            #expect(try await count(driver) == 10)
            #expect(cached.answered == 1)
        }
    }

    /// Lets the kernel drop the file's pages.
    private static func forget(_ path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        // Not closed: that would take SQLite's locks on the file away (https://www.sqlite.org/howtocorrupt.html, 2.2).
        try #require(file >= 0 && fsync(file) == 0)
        try #require(posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0)
    }
}

/// Whether the folder of the tests' files is on a disk whose pages the system can say it does not have (a memory file system
/// always has them).
private let readsWithoutWaiting: Bool = {
    let folder: String = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/"
    let mounts: String = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
    var longest = ""
    var type = ""
    for line in mounts.split(separator: "\n") {
        // Device, folder, type, …; of several for one folder the last counts.
        let fields: [Substring] = line.split(separator: " ")
        guard fields.count > 2 else { continue }
        let mount: String = fields[1] == "/" ? "/" : "\(fields[1])/"
        guard folder.hasPrefix(mount), mount.count >= longest.count else { continue }
        longest = mount
        type = String(fields[2])
    }
    return ["ext4", "xfs", "btrfs"].contains(type)
}()
