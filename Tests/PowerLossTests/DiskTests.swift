import Foundation
import ProgramSupport
import RandomSupport
import Testing

/// The model of a disk: what a sync does, and what it does not do.
@Suite("A disk that loses its power")
struct DiskTests {
    private struct Script {
        var records: [JournalRecord] = []

        mutating func add(
            _ kind: JournalRecord.Kind, inode: UInt64 = 0, number: Int = 0, path: String = "", other: String = "",
            data: String = ""
        ) {
            records.append(
                JournalRecord(
                    kind: kind, inode: inode, number: number, path: path, otherPath: other, data: Data(data.utf8),
                    position: records.count))
        }

        /// A sync that begins now and ends now.
        mutating func synchronize(file inode: UInt64) { add(.syncFile, inode: inode, number: records.count) }
        mutating func synchronize(folder path: String) { add(.syncFolder, number: records.count, path: path) }
    }

    private func contents(
        after cut: PowerCut = .lost, seed: UInt64 = 1, _ write: (inout Script) -> Void
    ) -> [String: String] {
        var script = Script()
        write(&script)
        var disk = Disk()
        disk.replay(script.records)
        var random = SeededGenerator(seed)
        disk.cutPower(cut, using: &random)
        return disk.names.mapValues { String(decoding: disk.files[$0]?.content ?? Data(), as: UTF8.self) }
    }

    @Test("a file needs a sync of its content and one of its folder")
    func both() {
        #expect(afterCreating() == [:])
        #expect(afterCreating({ $0.synchronize(file: 1) }) == [:])
        #expect(afterCreating({ $0.synchronize(folder: "") }) == ["a": ""])
        #expect(afterCreating({ $0.synchronize(file: 1) }, { $0.synchronize(folder: "") }) == ["a": "bytes"])
        #expect(afterCreating({ $0.synchronize(file: 1) }, { $0.synchronize(folder: "b") }) == [:])
    }

    private func afterCreating(_ syncs: (inout Script) -> Void...) -> [String: String] {
        contents { script in
            script.add(.create, inode: 1, path: "a")
            script.add(.write, inode: 1, data: "bytes")
            for synchronize in syncs { synchronize(&script) }
        }
    }

    @Test("a sync covers what came before it began, not what came until it ended")
    func during() {
        let kept = contents { script in
            script.add(.create, inode: 1, path: "a")
            script.synchronize(folder: "")
            script.add(.write, inode: 1, data: "one")
            let began = script.records.count
            script.add(.write, inode: 1, number: 3, data: "two")
            script.add(.syncFile, inode: 1, number: began)
        }
        #expect(kept == ["a": "one"])
    }

    @Test("an unlinked name comes back, and the next file with its inode is another one")
    func unlinked() {
        let kept = contents { script in
            script.add(.create, inode: 1, path: "a")
            script.add(.write, inode: 1, data: "old")
            script.synchronize(file: 1)
            script.synchronize(folder: "")
            script.add(.unlink, path: "a")
            script.add(.create, inode: 1, path: "b")
            script.add(.write, inode: 1, data: "new")
            script.synchronize(file: 1)
        }
        #expect(kept == ["a": "old"])
    }

    @Test("what another process wrote counts from the sync on")
    func whole() {
        let kept = contents { script in
            script.add(.whole, inode: 7, data: "from a decoder")
            script.synchronize(file: 7)
            script.add(.link, inode: 7, path: "a")
            script.synchronize(folder: "")
        }
        #expect(kept == ["a": "from a decoder"])
    }

    @Test("a torn write ends at a sector, a grown file may hold zeros")
    func torn() {
        let text = String(repeating: "x", count: 9000)
        for seed: UInt64 in 0..<50 {
            let torn = contents(after: .torn, seed: seed) { script in
                script.add(.create, inode: 1, path: "a")
                script.synchronize(folder: "")
                script.add(.write, inode: 1, data: text)
            }
            #expect((torn["a"]?.count ?? 1) % 512 == 0)
        }
        var sawZeros = false
        for seed: UInt64 in 0..<50 {
            let zeroed = contents(after: .zeroed, seed: seed) { script in
                script.add(.create, inode: 1, path: "a")
                script.add(.write, inode: 1, data: text)
            }
            #expect(zeroed["a"]?.utf8.count == 9000)
            sawZeros = sawZeros || zeroed["a"]?.utf8.contains(0) == true
        }
        #expect(sawZeros)
    }
}
