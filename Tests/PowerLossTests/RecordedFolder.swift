import Foundation
import ProgramSupport
import RandomSupport

/// A folder whose changes are recorded while a program runs on it, and whose power can be cut.
final class RecordedFolder {
    /// The folder.
    let path: String
    /// What a program needs in its environment to be recorded.
    let environment: [String: String]
    private let journal: String
    private var disk = Disk()

    /// Makes an empty folder below another one, and the library that records.
    init(below parent: String) throws {
        path = "\(parent)/disk"
        journal = "\(parent)/journal"
        for folder in [path, journal] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
        environment = [
            "LD_PRELOAD": try Self.buildShim(in: parent), "ROOST_POWER_LOSS_ROOT": path,
            "ROOST_POWER_LOSS_JOURNAL": journal,
        ]
    }

    private static func buildShim(in folder: String) throws -> String {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Shim").path
        let library = "\(folder)/shim.so"
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments =
            ["clang", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library]
            + ["journal.c", "content.c", "names.c"].map { "\(sources)/\($0)" }
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw RoostProcess.Failure(description: "the shim could not be built")
        }
        return library
    }

    /// Makes the folder what it would be had the machine lost its power now; nobody may work on it.
    ///
    /// - Parameter ignored: syncs that are taken for not done.
    /// - Returns: how many changes were recorded, and how many of them were not durable.
    func cutPower(
        _ cut: PowerCut, ignoring ignored: IgnoredSyncs? = nil, using random: inout SeededGenerator
    ) throws -> (recorded: Int, inMemory: Int) {
        let records = try JournalReader.records(inFolder: journal)
        disk.replay(records, ignoring: ignored)
        let inMemory = disk.pendingNames.count + disk.files.values.reduce(0) { $0 + $1.pending.count }
        disk.cutPower(cut, using: &random)
        try FileManager.default.removeItem(atPath: journal)
        try FileManager.default.createDirectory(atPath: journal, withIntermediateDirectories: false)
        try restore()
        return (records.count, inMemory)
    }

    /// Removes everything; a decoder that is just dying with its server may have made a file meanwhile.
    private func empty() throws {
        for attempt in 1... {
            do {
                for entry in try FileManager.default.contentsOfDirectory(atPath: path) {
                    try FileManager.default.removeItem(atPath: "\(path)/\(entry)")
                }
                return
            } catch {
                guard attempt < 100 else { throw error }
                usleep(20_000)
            }
        }
    }

    /// Writes the disk's state into the folder.
    private func restore() throws {
        try empty()
        var folders: Set<String> = [""]
        for folder in disk.folders.sorted() where folders.contains(folder.parentPath) && !folder.isForgotten {
            if folder.isEmpty { continue }
            try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: false)
            folders.insert(folder)
        }
        var files: [(path: String, inode: UInt64, content: Data)] = []
        for (name, number) in disk.names where folders.contains(name.parentPath) && !name.isForgotten {
            let content = disk.files[number]?.content ?? Data()
            try content.write(to: URL(fileURLWithPath: "\(path)/\(name)"))
            // Modes are not recorded: all that a data folder holds is its owner's alone.
            guard chmod("\(path)/\(name)", 0o600) == 0 else { throw RoostProcess.Failure(description: name) }
            var status = stat()
            guard stat("\(path)/\(name)", &status) == 0 else { throw RoostProcess.Failure(description: name) }
            files.append((name, UInt64(status.st_ino), content))
        }
        disk = Disk(folders: folders, files: files)
    }
}

extension String {
    /// Whether a start of the program throws it away anyway: what is being processed, and SQLite's shared memory.
    fileprivate var isForgotten: Bool { hasSuffix("-shm") || hasPrefix("data/scratch") }
}
