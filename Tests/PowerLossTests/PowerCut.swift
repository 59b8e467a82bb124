import Foundation
import ProgramSupport
import RandomSupport

/// What a disk has kept of what was not synchronized when the power went.
enum PowerCut: String, CaseIterable {
    /// Nothing.
    case lost
    /// Any name, any 4 KiB of any write, in no order.
    case scattered
    /// Everything up to a moment, the last write of that up to a sector of 512 bytes.
    case torn
    /// All names and sizes; where a file grew, zeros instead of some of the bytes.
    case zeroed
}

extension Disk {
    /// Cuts the power: everything that is there is durable now, the rest is gone.
    mutating func cutPower(_ cut: PowerCut, using random: inout SeededGenerator) {
        let positions = (pendingNames.map(\.position) + files.values.flatMap { $0.pending.map(\.position) }).sorted()
        let moment = positions.randomElement(using: &random) ?? 0
        let kept = pendingNames.filter { pending in
            switch cut {
            case .lost: false
            case .scattered: random.chance(50)
            case .torn: pending.position <= moment
            case .zeroed: true
            }
        }
        for pending in kept { apply(pending.value) }
        forgetPendingNames()
        for (number, file) in files.sorted(by: { $0.key < $1.key }) {
            var content = file.content
            for pending in file.pending {
                content.apply(pending, cut, moment: moment, using: &random)
            }
            settle(number, content)
        }
    }
}

extension Data {
    private static let sector = 512
    private static let page = 4096

    /// Does as much of a change as the disk has kept of it.
    fileprivate mutating func apply(
        _ pending: Disk.Pending<Disk.Change>, _ cut: PowerCut, moment: Int, using random: inout SeededGenerator
    ) {
        switch cut {
        case .lost: return
        case .torn:
            guard pending.position <= moment else { return }
            guard pending.position == moment, case .write(let offset, let data) = pending.value else {
                return apply(pending.value)
            }
            let sectors = Int.random(in: 0...data.count / Self.sector, using: &random)
            apply(.write(offset: offset, data.prefix(sectors * Self.sector)))
        case .scattered, .zeroed:
            switch pending.value {
            case .truncate: if cut == .zeroed || random.chance(50) { apply(pending.value) }
            case .whole(let data): apply(data, at: 0, cut, using: &random)
            case .write(let offset, let data): apply(data, at: offset, cut, using: &random)
            }
        }
    }

    private mutating func apply(_ data: Data, at offset: Int, _ cut: PowerCut, using random: inout SeededGenerator) {
        // What is not kept of a longer file is zeros then; what was there before is as before.
        if cut == .zeroed, count < offset + data.count { resize(to: offset + data.count) }
        for part in data.pages(from: offset) where random.chance(50) { apply(part) }
    }

    /// The parts of a write that lie in different pages of the file.
    private func pages(from offset: Int) -> [Disk.Change] {
        var parts: [Disk.Change] = []
        var done = 0
        while done < count {
            let bytes = Swift.min(Self.page - (offset + done) % Self.page, count - done)
            parts.append(.write(offset: offset + done, Data(dropFirst(done).prefix(bytes))))
            done += bytes
        }
        return parts
    }
}
