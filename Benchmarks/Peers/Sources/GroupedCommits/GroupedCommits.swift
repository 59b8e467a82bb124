import Foundation
import GRDB

/// Updates one text column of 32 rows again and again, 32 updates in each transaction, as durable as Roost's catalog.
///
/// Arguments: the folder for the database, seconds. Prints updates per second.
@main
struct GroupedCommits {
    static func main() throws {
        let folder = CommandLine.arguments[1]
        let seconds = Double(CommandLine.arguments[2]) ?? 1
        let pool = try DatabasePool(path: "\(folder)/grouped.sqlite")
        try pool.writeWithoutTransaction { database in
            // After GRDB opened the pool: it sets NORMAL.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "CREATE TABLE media (id INTEGER PRIMARY KEY, metadata TEXT NOT NULL)")
            for id in 0..<32 { try database.execute(sql: "INSERT INTO media VALUES (?, '{}')", arguments: [id]) }
            let update = try database.makeStatement(sql: "UPDATE media SET metadata = ? WHERE id = ?")
            let start = ContinuousClock.now
            var count = 0
            while ContinuousClock.now - start < .seconds(seconds) {
                try database.execute(sql: "BEGIN IMMEDIATE")
                for id in 0..<32 {
                    try update.execute(arguments: [#"{"alt_text":{"text":"update \#(count) of a row"}}"#, id])
                    count += 1
                }
                try database.execute(sql: "COMMIT")
            }
            let elapsed = (ContinuousClock.now - start) / .seconds(1)
            print(Double(count) / elapsed)
        }
    }
}
