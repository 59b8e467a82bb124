import Foundation

/// What the shim recorded: one change of the files below a folder, or one sync.
struct JournalRecord {
    /// What happened; the numbers of `Shim/journal.h`.
    enum Kind: UInt32 {
        case create = 1
        case write, truncate, makeFolder, link, unlink, removeFolder, rename, whole, syncFile, syncFolder
    }

    let kind: Kind
    /// The file's number in the file system, for what happens to contents.
    let inode: UInt64
    /// An offset, a size, or the journal's size at the beginning of a sync.
    let number: Int
    /// Paths below the folder.
    let path: String
    let otherPath: String
    let data: Data
    /// Where the record begins in the journal, by which it is told what came first.
    let position: Int
}

/// Reads a journal.
enum JournalReader {
    private static let headerBytes = 40
    private static let magic: UInt32 = 0x524F_4F53

    /// The records of the journals in a folder, one of each program that ran, in the order in which they happened.
    static func records(inFolder path: String) throws -> [JournalRecord] {
        var records: [JournalRecord] = []
        var start = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted() {
            let journal = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
            records += try self.records(in: journal, startingAt: start)
            start += journal.count
        }
        return records
    }

    /// The records of one journal; a half one at the end, which a kill leaves, is none.
    ///
    /// - Parameter first: the position of its first record.
    static func records(in journal: Data, startingAt first: Int = 0) throws -> [JournalRecord] {
        var records: [JournalRecord] = []
        var position = 0
        while position + headerBytes <= journal.count {
            func integer<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type = Number.self) -> Number {
                let start = journal.startIndex + position + offset
                return journal[start..<start + MemoryLayout<Number>.size].withUnsafeBytes {
                    $0.loadUnaligned(as: Number.self)
                }
            }
            guard integer(0) == magic, let kind = JournalRecord.Kind(rawValue: integer(4)) else {
                throw NotAJournal(position: position)
            }
            let lengths = [Int(integer(24, UInt32.self)), Int(integer(28, UInt32.self)), Int(integer(32, UInt64.self))]
            var start = position + headerBytes
            guard start + lengths.reduce(0, +) <= journal.count else { break }
            let parts = lengths.map { length in
                defer { start += length }
                return Data(journal[journal.startIndex + start..<journal.startIndex + start + length])
            }
            let isSync = kind == .syncFile || kind == .syncFolder
            records.append(
                JournalRecord(
                    kind: kind, inode: integer(8), number: Int(integer(16, UInt64.self)) + (isSync ? first : 0),
                    path: String(decoding: parts[0], as: UTF8.self),
                    otherPath: String(decoding: parts[1], as: UTF8.self),
                    data: parts[2], position: first + position))
            position = start
        }
        return records
    }

    struct NotAJournal: Error {
        let position: Int
    }
}
