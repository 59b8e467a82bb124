import Foundation

/// What is on a disk and what is only in memory, after the changes and syncs of a journal.
///
/// Contents become durable by a sync of their file, names by a sync of their folder, and nothing else does. That is less
/// than most file systems promise: what holds here holds on them.
struct Disk {
    /// A change of a file's content that is not durable.
    enum Change {
        case write(offset: Int, Data)
        case truncate(Int)
        case whole(Data)
    }

    /// A change of names in one folder that is not durable.
    enum NameChange {
        case file(String, Int)
        case folder(String)
        case removal(String)
        case rename(String, String, Int)
    }

    /// Something in memory, and when it came there.
    struct Pending<Value> {
        let value: Value
        let position: Int
    }

    /// A file, with as many names as it has.
    struct File {
        var content = Data()
        var pending: [Pending<Change>] = []
    }

    /// All files there were, by a number that is never used again.
    private(set) var files: [Int: File] = [:]
    /// The names on the disk.
    private(set) var names: [String: Int] = [:]
    /// The folders on the disk; "" is the one that was recorded.
    private(set) var folders: Set<String> = [""]
    /// Changes of names, the oldest first.
    private(set) var pendingNames: [Pending<NameChange>] = []
    private var liveNames: [String: Int] = [:]
    private var byInode: [UInt64: Int] = [:]
    private var nextFile = 0

    /// An empty folder.
    init() {}

    /// A folder of which everything is durable.
    init(folders: Set<String>, files: [(path: String, inode: UInt64, content: Data)]) {
        self.folders.formUnion(folders)
        for file in files {
            let number = byInode[file.inode] ?? newFile(File(content: file.content), inode: file.inode)
            names[file.path] = number
            liveNames[file.path] = number
        }
    }

    /// Replays the journal's records.
    ///
    /// - Parameter ignored: syncs that are taken for not done.
    mutating func replay(_ records: [JournalRecord], ignoring ignored: IgnoredSyncs? = nil) {
        for record in records where !(ignored?.cover(record, path(of: record)) ?? false) {
            switch record.kind {
            case .create: name(record, newFile(File(), inode: record.inode))
            // A file that another process made is known by its first sync, or it has nothing durable in it.
            case .link: name(record, byInode[record.inode] ?? newFile(File(), inode: record.inode))
            case .write: change(record, .write(offset: record.number, record.data))
            case .truncate: change(record, .truncate(record.number))
            case .whole:
                if byInode[record.inode] == nil { _ = newFile(File(), inode: record.inode) }
                change(record, .whole(record.data))
            case .makeFolder: pendingNames.append(.init(value: .folder(record.path), position: record.position))
            case .removeFolder: pendingNames.append(.init(value: .removal(record.path), position: record.position))
            case .unlink: unlink(record)
            case .rename: rename(record)
            case .syncFile: synchronize(file: record.inode, before: record.number)
            case .syncFolder: synchronize(folder: record.path, before: record.number)
            }
        }
    }

    /// What a sync makes durable; a file without a name is one that a decoder has made in the scratch folder.
    private func path(of record: JournalRecord) -> String {
        guard record.kind == .syncFile else { return record.path }
        return liveNames.first { $0.value == byInode[record.inode] }?.key ?? "data/scratch/"
    }

    private mutating func newFile(_ file: File, inode: UInt64) -> Int {
        nextFile += 1
        files[nextFile] = file
        byInode[inode] = nextFile
        return nextFile
    }

    private mutating func name(_ record: JournalRecord, _ file: Int) {
        liveNames[record.path] = file
        pendingNames.append(.init(value: .file(record.path, file), position: record.position))
    }

    /// Contents of a file that is not known are those of one without a name, or of a log that another process made.
    private mutating func change(_ record: JournalRecord, _ change: Change) {
        guard let file = byInode[record.inode] else { return }
        files[file]?.pending.append(.init(value: change, position: record.position))
    }

    private mutating func unlink(_ record: JournalRecord) {
        pendingNames.append(.init(value: .removal(record.path), position: record.position))
        guard let file = liveNames.removeValue(forKey: record.path), !liveNames.values.contains(file) else { return }
        // The next file may get the same inode.
        byInode = byInode.filter { $0.value != file }
    }

    private mutating func rename(_ record: JournalRecord) {
        guard let file = liveNames.removeValue(forKey: record.path) else { return }
        liveNames[record.otherPath] = file
        pendingNames.append(.init(value: .rename(record.path, record.otherPath, file), position: record.position))
    }

    private mutating func synchronize(file inode: UInt64, before position: Int) {
        guard let number = byInode[inode], var file = files[number] else { return }
        for change in file.pending where change.position < position { file.content.apply(change.value) }
        file.pending.removeAll { $0.position < position }
        files[number] = file
    }

    private mutating func synchronize(folder: String, before position: Int) {
        let isCovered = { (pending: Pending<NameChange>) in
            pending.position < position && pending.value.folder == folder
        }
        for pending in pendingNames.filter(isCovered) { apply(pending.value) }
        pendingNames.removeAll(where: isCovered)
    }

    /// Makes a change of names durable.
    mutating func apply(_ change: NameChange) {
        switch change {
        case .file(let path, let file): names[path] = file
        case .folder(let path): folders.insert(path)
        case .rename(let path, let newPath, let file):
            if names[path] == file { names[path] = nil }
            names[newPath] = file
        case .removal(let path):
            names[path] = nil
            folders.remove(path)
        }
    }

    /// Makes a file's content durable as it is given.
    mutating func settle(_ file: Int, _ content: Data) { files[file] = File(content: content) }

    /// Forgets all changes of names that are not durable.
    mutating func forgetPendingNames() { pendingNames = [] }
}

/// Syncs that a test takes for not done, as if the program did not do them.
struct IgnoredSyncs: Sendable, CustomStringConvertible {
    /// Whether they are those of folders, which make names durable, or of files.
    let areOfFolders: Bool
    /// How the paths begin.
    let prefix: String
    /// Whether that is all of the path.
    var isWhole = false

    var description: String {
        "syncs of \(areOfFolders ? "folder" : "file") \(prefix.isEmpty ? "." : prefix)\(isWhole ? "" : "…")"
    }

    /// Whether a record is one of them.
    func cover(_ record: JournalRecord, _ path: @autoclosure () -> String) -> Bool {
        record.kind == (areOfFolders ? .syncFolder : .syncFile)
            && (isWhole ? path() == prefix : path().hasPrefix(prefix))
    }
}

extension Disk.NameChange {
    /// The folder in which names change.
    var folder: String {
        switch self {
        case .file(let path, _), .folder(let path), .removal(let path), .rename(let path, _, _): path.parentPath
        }
    }
}

extension String {
    /// All before the last slash; "" without one.
    var parentPath: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }
}

extension Data {
    /// Changes it as a file is changed.
    mutating func apply(_ change: Disk.Change) {
        switch change {
        case .whole(let data): self = data
        case .truncate(let size): resize(to: size)
        case .write(let offset, let data):
            if count < offset + data.count { resize(to: offset + data.count) }
            replaceSubrange(startIndex + offset..<startIndex + offset + data.count, with: data)
        }
    }

    /// Cuts it, or fills it up with zeros.
    mutating func resize(to size: Int) {
        if size < count { removeLast(count - size) } else { append(Data(count: size - count)) }
    }
}
