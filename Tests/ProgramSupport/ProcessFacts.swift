import Foundation

/// What Linux tells about a running process (man 5 proc).
package struct ProcessFacts: Sendable {
    /// What each open descriptor is: a path, `socket`, `pipe` or the name of an anonymous file.
    package let descriptors: [String]
    /// The processes that it started and that were not waited for.
    package let children: Int
    /// Threads.
    package let threads: Int
    /// Resident memory in bytes.
    package let residentBytes: Int
    /// Resident memory that is not of a file, in bytes.
    package let anonymousBytes: Int

    /// Looks at a process.
    package init(pid: Int32) throws {
        let folder = "/proc/\(pid)"
        let files = FileManager.default
        // A descriptor may be closed between the listing and the look at it.
        descriptors = try files.contentsOfDirectory(atPath: "\(folder)/fd").compactMap {
            try? files.destinationOfSymbolicLink(atPath: "\(folder)/fd/\($0)")
        }.map { $0.hasPrefix("/") ? $0 : Self.kind(of: $0) }.sorted()
        let tasks = try files.contentsOfDirectory(atPath: "\(folder)/task")
        threads = tasks.count
        children = tasks.reduce(0) { count, task in
            let list = (try? String(contentsOfFile: "\(folder)/task/\(task)/children", encoding: .utf8)) ?? ""
            return count + list.split(separator: " ").count
        }
        let status = try String(contentsOfFile: "\(folder)/status", encoding: .utf8)
        func bytes(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") } ?? ""
            return (Int(line.filter(\.isNumber)) ?? 0) << 10
        }
        residentBytes = bytes("VmRSS")
        anonymousBytes = bytes("RssAnon")
    }

    /// Of `pipe:[4711]` only `pipe`, of `anon_inode:[pidfd]` all.
    private static func kind(of target: String) -> String {
        target.hasPrefix("anon_inode") ? target : String(target.prefix { $0 != ":" })
    }

    /// How many descriptors there are of each kind, files by their whole path.
    package var census: [String: Int] { descriptors.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
}
