import Synchronization
import SystemPackage

/// The blocks of all writers of a store: large while few write, small while many do, and used again.
///
/// Used again because fresh memory costs a page fault for every 4 KiB; bounded because what a writer holds must not grow
/// with what clients send.
final class WriteBlocks: Sendable {
    /// What all blocks together have as long as no writer has less than the smallest.
    private static let budget = 8 << 20
    /// Some 500 KiB a call is where a disk's throughput stops growing with the size of writes.
    private static let largest = 512 << 10
    /// What a writer gets in any case.
    private static let smallest = 16 << 10
    /// How many blocks a writer has at most: one is filled while the other one is written.
    private static let blocksOfWriter = 2

    private struct State {
        var writers = 0
        /// Of all blocks, used or free.
        var bytes = 0
        var free: [WriteBlock] = []
    }

    private let state = Mutex(State())

    /// A writer begins.
    func enter() { state.withLock { $0.writers += 1 } }

    /// A writer ended.
    func leave() { state.withLock { $0.writers -= 1 } }

    /// A block for one of the writers, of a size that suits how many they are now.
    ///
    /// - Throws: `.noMemory`.
    func take() throws(Errno) -> WriteBlock {
        try state.withLock { state throws(Errno) in
            let share = Self.budget / Self.blocksOfWriter / max(1, state.writers)
            var size = Self.largest
            while size > share, size > Self.smallest { size /= 2 }
            // From the end: what was used last is in the processor's cache.
            if let index = state.free.lastIndex(where: { $0.size == size }) { return state.free.remove(at: index) }
            while state.bytes + size > Self.budget, !state.free.isEmpty {
                state.bytes -= state.free.removeFirst().size
            }
            // Those who came first may have more than their share until they have written it.
            while state.bytes + size > Self.budget, size > Self.smallest { size /= 2 }
            let block = try WriteBlock(size: size)
            state.bytes += size
            return block
        }
    }

    /// Gives a block back; nobody uses it any more.
    func give(_ block: WriteBlock) {
        state.withLock { state in
            if state.bytes > Self.budget {
                state.bytes -= block.size
            } else {
                state.free.append(block)
            }
        }
    }
}
