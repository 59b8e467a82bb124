import Foundation

/// The processes below a server, from proc(5).
enum ProcessTree {
    struct Entry {
        let pid: Int32
        let parent: Int32
        let name: String
    }

    /// All processes that a process has started, and those that they have.
    static func descendants(of root: Int32) -> [Entry] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var byParent: [Int32: [Entry]] = [:]
        for name in all {
            guard let pid = Int32(name), let entry = entry(pid) else { continue }
            byParent[entry.parent, default: []].append(entry)
        }
        var found: [Entry] = []
        var next = byParent[root] ?? []
        while !next.isEmpty {
            found += next
            next = next.flatMap { byParent[$0.pid] ?? [] }
        }
        return found
    }

    /// Whether a process is there and runs still the program that it ran.
    static func isAlive(_ entry: Entry) -> Bool { self.entry(entry.pid).map { $0.name == entry.name } ?? false }

    private static func entry(_ pid: Int32) -> Entry? {
        // "pid (name) state parent …"; a name may hold anything, so the last bracket counts.
        guard let text = read("/proc/\(pid)/stat"), let open = text.firstIndex(of: "("),
            let close = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 1, fields[0] != "Z", let parent = Int32(fields[1]) else { return nil }
        return Entry(pid: pid, parent: parent, name: String(text[text.index(after: open)..<close]))
    }

    /// A memory size of a process in bytes: `VmHWM`, the most resident ever, or `VmRSS`, resident now.
    static func memory(_ pid: Int32, _ field: String) -> Int {
        guard let line = read("/proc/\(pid)/status")?.split(separator: "\n").first(where: { $0.hasPrefix(field) })
        else { return 0 }
        let kibibytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
        return (kibibytes ?? 0) * 1024
    }

    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Watches the memory of what a server starts.
enum PeakMemory {
    /// Runs `body`; returns the most resident bytes of each program below a process meanwhile.
    ///
    /// A process that was there before counts from now on only.
    static func watching<Result: Sendable>(
        below root: Int32, _ body: @Sendable () async throws -> Result
    ) async throws -> (result: Result, peaks: [String: Int]) {
        let before = Set(ProcessTree.descendants(of: root).map(\.pid))
        return try await withThrowingTaskGroup(of: [String: Int].self) { group in
            group.addTask {
                var peaks: [String: Int] = [:]
                while !Task.isCancelled {
                    for entry in ProcessTree.descendants(of: root) {
                        let bytes = ProcessTree.memory(entry.pid, before.contains(entry.pid) ? "VmRSS" : "VmHWM")
                        peaks[entry.name] = max(peaks[entry.name] ?? 0, bytes)
                    }
                    try? await Task.sleep(for: .milliseconds(15))
                }
                return peaks
            }
            let result = try await body()
            group.cancelAll()
            return (result, try await group.next() ?? [:])
        }
    }
}
